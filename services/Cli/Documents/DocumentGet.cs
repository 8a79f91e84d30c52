using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange document get`: fetches a document, and keeps it only if its hash agrees.</summary>
static class DocumentGet
{
    public static Command Create(CommandRunner runner)
    {
        var document = DocumentNames.Argument();
        var to = new Option<string?>("--out")
        {
            Description = "Where to; the document's own name in this folder unless given", HelpName = "FILE",
        };
        var purpose = TypedOptions.ChoiceWithoutDefault<Purpose>("--purpose", "Why it is read",
            ("investigation", Purpose.Investigation), ("execution", Purpose.Execution), ("supervision", Purpose.Supervision));
        purpose.Required = true;
        var caseNumber = new Option<string?>("--case")
        {
            Description = "Your own case that the reading serves", HelpName = "CASE", Required = true,
        };
        var command = new Command("get",
            "Fetch a document, for a purpose and a case; the reading enters its chain of custody. Goes on where it was cut.")
        {
            document, to, purpose, caseNumber,
        };
        return runner.Handle(command, async session =>
        {
            var found = await DocumentNames.Find(session, session.Value(document));
            var path = session.Value(to) ?? Path.GetFileName(found.Title);
            if (File.Exists(path))
                throw new CommandException(ExitCode.Usage, $"{path} is there already.", "Give another --out FILE; nothing is overwritten.");
            await DocumentDownload.Run(session, found, path, new()
            {
                Name = found.Name,
                Purpose = session.Value(purpose).Value,
                CaseNumber = session.Value(caseNumber),
            });
            session.Note(
                $"{path}: {TextFormat.Thousands(found.Size)} bytes, hash verified. What you may do with it: {found.HandlingCode}.");
            return ExitCode.Ok;
        }).WithExamples(
            "exchange document get BY-2026-000123/2 --purpose investigation --case BY-GPK-2026-00001 --as investigator",
            "exchange document get BY-2026-000123/1 --out order.pdf --purpose execution --case \"PK II Oz 12/26\" --as liaison-pl");
    }
}
