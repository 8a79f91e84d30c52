using Google.Protobuf;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>Shows a list that comes in pages, in the format asked for.</summary>
static class Rows
{
    public static async Task Show<T>(
        Session session, IAsyncEnumerable<T> rows, IReadOnlyList<Column<T>> columns, Func<IAsyncEnumerable<T>, Task> showTable)
        where T : IMessage
    {
        switch (session.Format)
        {
            case Format.Csv:
                Csv.WriteHeader(session.Out, columns);
                await foreach (var row in rows)
                    Csv.WriteRow(session.Out, columns, row);
                break;
            case Format.Json:
                await Json.WriteArray(session.Out, rows);
                break;
            default:
                await showTable(rows);
                break;
        }
    }

    /// <summary>Follows the page tokens to the end.</summary>
    public static async IAsyncEnumerable<T> Pages<T>(Func<string, Task<(IEnumerable<T> Rows, string NextPageToken)>> fetch)
    {
        var token = "";
        do
        {
            var (rows, next) = await fetch(token);
            foreach (var row in rows)
                yield return row;
            token = next;
        }
        while (token.Length > 0);
    }

    public static Table Table(Session session, params string[] headings)
    {
        var table = new Table
        {
            Border = session.Screen.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Ascii,
            UseSafeBorder = false,
        };
        foreach (var heading in headings)
            table.AddColumn(new TableColumn(Markup.Escape(heading)).Padding(0, 1).NoWrap());
        return table;
    }
}
