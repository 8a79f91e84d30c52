using System.CommandLine;
using Exchange.Reference;

namespace Exchange.Cli;

/// <summary>`exchange request template`: a letter to fill in, or what its fields mean.</summary>
static class RequestTemplate
{
    public static Command Create(CommandRunner runner)
    {
        var instrument = new Option<string?>("--instrument") { Description = "The legal basis, such as UNTOC-2000", HelpName = "CODE" };
        instrument.CompletionSources.Add(_ => ReferenceCodes.Suggested(ReferenceCodes.Instruments));
        var explain = new Option<bool>("--explain")
        {
            Description = "Say what goes into each field instead, and which ones the instrument asks for",
        };
        var command = new Command("template", "Print a letter to fill in, as JSON.") { instrument, explain };
        return runner.Handle(command, session =>
        {
            var code = session.Value(instrument) ?? "";
            if (code.Length > 0 && !ReferenceCodes.Instruments.Contains(code))
                throw new CommandException(ExitCode.Usage, $"There is no instrument {code}.",
                    $"There are: {string.Join(", ", ReferenceCodes.Instruments)}.");
            if (session.Value(explain))
                Explain(session, ReferenceCodes.AskedFor(code));
            else
                LetterFile.Write(session.Out, LetterFile.Template(code));
            return Task.FromResult(ExitCode.Ok);
        }).WithExamples(
            "exchange request template --instrument UNTOC-2000 > letter.json",
            "exchange request template --explain --instrument UNTOC-2000");
    }

    static void Explain(Session session, IReadOnlyList<LetterRequirement> required)
    {
        foreach (var (field, words, meaning) in LetterContract.Fields())
        {
            Paragraph.Write(session, $"{field}: {WordsOf(field, words)}".TrimEnd(':', ' '), indent: 0);
            Paragraph.Write(session, meaning, indent: 4);
            foreach (var one in required.Where(one => one.Field.Split('.')[0] == field.TrimEnd('[', ']')))
                Paragraph.Write(session, AskedFor(one), indent: 4);
        }
        session.Note("Days are written 2026-12-31. What is not known yet stays as it is; request draft says what is still missing.");
    }

    static string WordsOf(string field, string words) => field switch
    {
        "instrument" => string.Join(", ", ReferenceCodes.Instruments),
        "measures[].measure" => string.Join(", ", ReferenceCodes.Measures),
        _ => words,
    };

    static string AskedFor(LetterRequirement one) => "Asked for"
        + (one.Field.Split('.') is [_, var value] ? $" with {value}" : "")
        + (one.UnlessOnly.Length > 0 ? $", unless only {one.UnlessOnly} is requested" : "")
        + $": {one.Source}.";
}
