using System.Buffers;

namespace Exchange.Cli;

/// <summary>CSV as in RFC 4180, but with a bare line feed, as the register files have.</summary>
static class Csv
{
    static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    public static void WriteHeader<T>(TextWriter writer, IReadOnlyList<Column<T>> columns) =>
        WriteLine(writer, columns.Select(column => column.Name));

    public static void WriteRow<T>(TextWriter writer, IReadOnlyList<Column<T>> columns, T row) =>
        WriteLine(writer, columns.Select(column => column.Text(row)));

    public static void Write<T>(TextWriter writer, IReadOnlyList<Column<T>> columns, IEnumerable<T> rows)
    {
        WriteHeader(writer, columns);
        foreach (var row in rows)
            WriteRow(writer, columns, row);
    }

    static void WriteLine(TextWriter writer, IEnumerable<string> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first)
                writer.Write(',');
            first = false;
            writer.Write(cell.AsSpan().ContainsAny(Special) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell);
        }
        writer.Write('\n');
    }
}
