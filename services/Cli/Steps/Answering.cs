using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>The options of an answer.</summary>
static class Answering
{
    public static Func<Taking, Task<Act>> ActOf(Inputs inputs)
    {
        var outcome = inputs.Add(Outcomes(
            ("executed", Outcome.Executed), ("partially-executed", Outcome.PartiallyExecuted), ("refused", Outcome.Refused), ("not-executable", Outcome.NotExecutable)));
        outcome.Required = true;
        var ground = inputs.Ground("Refused or not executable: the coded ground");
        var text = inputs.Text("--text", $"Refused or not executable: the reasons; else what there is to say ({Texts.Hint})");
        var measures = inputs.Add(Values.Codes("--measure",
            "What became of a measure; executed without any says that all outstanding ones are done", "CODE=done|CODE=not-done:GROUND"));
        var final = inputs.Add(new Option<bool>("--final") { Description = "Partially executed: nothing more is to come" });
        var evidence = new HandedOver(inputs, "--evidence", DocumentKind.Evidence);
        return async taking =>
        {
            var answer = new GiveAnswer
            {
                Outcome = taking.Session.Value(outcome).Value,
                Ground = taking.Text(ground),
                Text = taking.Text(text),
                Measures = { taking.Session.Value(measures)!.Select(Measure) },
                Final = taking.Session.Value(final),
            };
            if (answer is { Outcome: Outcome.Executed, Measures.Count: 0 })
                answer.Measures.Add(taking.Request.OutstandingMeasures.Select(code => new MeasureOutcome { Measure = code, Done = true }));
            answer.Evidence.Add(await evidence.Names(taking));
            return new() { Answer = answer };
        };
    }

    public static Option<Word<Outcome>> Outcomes(params (string, Outcome)[] choices) =>
        Values.ChoiceWithoutDefault("--outcome", "What the answer says", choices);

    static MeasureOutcome Measure(string text) => text.Split('=', ':') switch
    {
        [var code, "done"] => new() { Measure = code, Done = true },
        [var code, "not-done", var ground] => new() { Measure = code, Ground = ground },
        _ => throw new Problem(ExitCode.Usage, $"'{text}' does not say what became of a measure.",
            "It looks like hearing_of_witness=done or hearing_of_witness=not-done:person_not_found."),
    };
}
