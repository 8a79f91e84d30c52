using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange document add`: hands a file in; the same command goes on where it was cut.</summary>
static class DocumentAdd
{
    public static Command Create(CommandRunner runner)
    {
        var reference = RequestNames.Argument();
        var file = new Argument<string>("file") { Description = "The file" };
        var kind = DocumentCommandOptions.Kind();
        var handling = DocumentCommandOptions.Handling();
        handling.Required = true;
        var language = DocumentCommandOptions.Language();
        var translates = new Option<string?>("--translation-of")
        {
            Description = "The document it translates (BY-2026-000123/1)", HelpName = "DOCUMENT",
        };
        var command = new Command("add",
            "Hand a file in. After a break the same command goes on where it was; done again it changes nothing.")
        {
            reference, file, kind, handling, language, translates,
        };
        return runner.Handle(command, async session =>
        {
            var request = await new StepClient(session).Read(session.Value(reference));
            var document = await DocumentUpload.Run(session, session.Value(file), new()
            {
                Request = request.Name,
                Kind = session.Value(kind).Value,
                HandlingCode = session.Value(handling).Value,
                Language = session.Value(language) ?? "",
                TranslationOf = session.Value(translates) is { } original ? (await DocumentNames.Find(session, original)).Name : "",
            });
            Show(session, request, document);
            return ExitCode.Ok;
        }).WithExamples(
            "exchange document add BY-2026-000123 order.pdf --kind attachment --handling H0",
            "exchange document add BY-2026-000123 list-pl.pdf --kind translation --translation-of BY-2026-000123/1 --language pl"
                + " --handling H0",
            "exchange document add BY-2026-000123 hearing.mp4 --kind evidence --handling H1 --as liaison-pl");
    }

    static void Show(Session session, MlaRequest request, Document document)
    {
        switch (session.Format)
        {
            case Format.Csv:
                Csv.Write(session.Out, DocumentList.Columns, [document]);
                break;
            case Format.Json:
                Json.Write(session.Out, document);
                break;
            default:
                session.Out.WriteLine(
                    $"{document.Title} is with {request.Facts.Reference}: {TextFormat.Thousands(document.Size)} bytes, hash verified.");
                session.Out.WriteLine($"  {document.Name}");
                session.Out.WriteLine($"  SHA-256 {Convert.ToHexStringLower(document.Sha256.Span)}");
                break;
        }
    }
}
