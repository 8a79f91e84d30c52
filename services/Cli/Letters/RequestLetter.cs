using System.CommandLine;

namespace Exchange.Cli;

/// <summary>`exchange request letter`: the letter as a page, as a file to edit, or what it lacks as a table.</summary>
static class RequestLetter
{
    public static Command Create(CommandRunner runner)
    {
        var reference = RequestNames.Argument();
        var command = new Command("letter",
            "Read a letter: a page with what it lacks; JSON is a file for edit and amend, CSV what it lacks.") { reference };
        return runner.Handle(command, async session =>
        {
            var view = await LetterClient.Read(session, session.Value(reference));
            switch (session.Format)
            {
                case Format.Csv:
                    Csv.Write(session.Out, LetterFaults.Columns, view.Faults);
                    break;
                case Format.Json:
                    LetterFile.Write(session.Out, view.Letter);
                    break;
                default:
                    LetterPage.Write(session, session.Value(reference), view);
                    break;
            }
            return ExitCode.Ok;
        }).WithExamples(
            "exchange request letter BY-2026-000123",
            "exchange request letter BY-2026-000123 --format json > letter.json");
    }
}
