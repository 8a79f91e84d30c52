using System.CommandLine;

namespace Exchange.Cli;

/// <summary>`exchange request template`: a letter to fill in, or what its fields mean.</summary>
static class RequestTemplate
{
    public static Command Create(Shell shell)
    {
        var instrument = new Option<string?>("--instrument") { Description = "The legal basis, such as UNTOC-2000", HelpName = "CODE" };
        var explain = new Option<bool>("--explain") { Description = "Say what goes into each field instead" };
        var command = new Command("template", "Print a letter to fill in, as JSON.") { instrument, explain };
        return shell.Carries(command, session =>
        {
            if (session.Value(explain))
                Explain(session);
            else
                LetterFile.Write(session.Out, LetterFile.Template(session.Value(instrument) ?? ""));
            return Task.FromResult(ExitCode.Ok);
        }).WithExamples(
            "exchange request template --instrument UNTOC-2000 > letter.json",
            "exchange request template --explain");
    }

    static void Explain(Session session)
    {
        foreach (var (field, words, meaning) in LetterContract.Fields())
        {
            session.Out.WriteLine(words.Length > 0 ? $"{field}: {words}" : field);
            Paragraph.Write(session, meaning, indent: 4);
        }
        session.Note("Days are written 2026-12-31. What is not known yet stays as it is; request draft says what is still missing.");
    }
}
