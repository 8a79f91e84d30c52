using System.CommandLine;

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
        var reading = new ReadingOptions();
        reading.Purpose.Required = true;
        var command = new Command("get",
            "Fetch a document, for a purpose and a case; the reading enters its chain of custody. Goes on where it was cut.")
        {
            document, to, reading.Purpose, reading.Case,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(reading.Purpose) is not null && !reading.AreGiven(result))
                result.AddError("--case is needed, but for recognition and execution: every reading is logged with it.");
        });
        return runner.Handle(command, async session =>
        {
            var found = await DocumentNames.Find(session, session.Value(document));
            var path = session.Value(to) ?? Path.GetFileName(found.Title);
            if (File.Exists(path))
                throw new CommandException(ExitCode.Usage, $"{path} is there already.", "Give another --out FILE; nothing is overwritten.");
            await DocumentDownload.Run(session, found, path, new()
            {
                Name = found.Name,
                Purpose = session.Value(reading.Purpose).Value,
                CaseNumber = session.Value(reading.Case) ?? "",
            });
            session.Note(
                $"{path}: {TextFormat.Thousands(found.Size)} bytes, hash verified. What you may do with it: {found.HandlingCode}.");
            return ExitCode.Ok;
        }).WithExamples(
            "exchange document get BY-2026-000123/2 --purpose investigation --case BY-GPK-2026-00001 --as investigator",
            "exchange document get BY-2026-000123/1 --out order.pdf --purpose execution --as liaison-pl");
    }
}
