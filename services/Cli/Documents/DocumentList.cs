using System.CommandLine;
using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>`exchange document list`: the documents of a request that the caller may see.</summary>
static class DocumentList
{
    public static readonly Column<Document>[] Columns =
    [
        new("document", row => row.Name),
        new("kind", row => EnumText.Code(row.Kind)),
        new("title", row => row.Title),
        new("media_type", row => row.MediaType),
        new("size", row => row.Size),
        new("handling_code", row => EnumText.Code(row.HandlingCode).ToUpperInvariant()),
        new("language", row => row.Language),
        new("translation_of", row => row.TranslationOf),
        new("side", row => EnumText.Code(row.Side)),
        new("released", row => row.Released ? "yes" : "no"),
        new("received_at", row => TextFormat.Minute(row.ReceivedAt)),
        new("sha256", row => Convert.ToHexStringLower(row.Sha256.Span)),
    ];

    public static Command Create(CommandRunner runner)
    {
        var reference = RequestNames.Argument();
        var command = new Command("list", "The documents of a request that you may see.") { reference };
        return runner.Handle(command, async session =>
        {
            var documents = await DocumentNames.Of(session, session.Value(reference));
            await Rows.Show(session, documents.ToAsyncEnumerable(), Columns, _ =>
            {
                ShowTable(session, documents);
                return Task.CompletedTask;
            });
            return ExitCode.Ok;
        }).WithExamples("exchange document list BY-2026-000123", "exchange document list BY-2026-000123 --format json");
    }

    static void ShowTable(Session session, IReadOnlyList<Document> documents)
    {
        var table = Rows.Table(session, "no", "kind", "title", "bytes", "handling", "from", "given");
        foreach (var (document, number) in documents.Select((document, at) => (document, at + 1)))
            table.AddRow(
                $"{number}", Markup.Escape(EnumText.Plain(document.Kind)), Markup.Escape(document.Title),
                TextFormat.Thousands(document.Size),
                Markup.Escape($"{document.HandlingCode}"), document.Side == Side.RequestingSide ? "requesting" : "requested",
                document.Released ? "yes" : "no");
        if (documents.Count > 0)
            session.Screen.Write(table);
        session.Screen.WriteLine($"{TextFormat.Count(documents.Count, "document", "documents")} that you may see.");
    }
}
