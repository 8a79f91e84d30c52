using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>The options of an answer.</summary>
static class AnswerOptions
{
    public static Func<StepContext, Task<Act>> ActOf(StepOptions options)
    {
        var outcome = options.Add(Outcomes(
            ("executed", Outcome.Executed), ("partially-executed", Outcome.PartiallyExecuted), ("refused", Outcome.Refused),
            ("not-executable", Outcome.NotExecutable)));
        outcome.Required = true;
        var ground = options.Ground("Refused or not executable: the coded ground");
        var text = options.Text("--text", $"Refused or not executable: the reasons; else what there is to say ({TextInput.Hint})");
        var measures = options.Add(TypedOptions.Codes("--measure",
            "What became of a measure; executed without any says that all outstanding ones are done", "CODE=done|CODE=not-done:GROUND"));
        var final = options.Add(new Option<bool>("--final") { Description = "Partially executed: nothing more is to come" });
        var evidence = new AttachedDocuments(options, "--evidence", DocumentKind.Evidence);
        return async context =>
        {
            var answer = new GiveAnswer
            {
                Outcome = context.Session.Value(outcome).Value,
                Ground = context.Text(ground),
                Text = context.Text(text),
                Measures = { context.Session.Value(measures)!.Select(Measure) },
                Final = context.Session.Value(final),
            };
            if (answer is { Outcome: Outcome.Executed, Measures.Count: 0 })
                answer.Measures.Add(context.Request.OutstandingMeasures.Select(code => new MeasureOutcome { Measure = code, Done = true }));
            answer.Evidence.Add(await evidence.Names(context));
            return new() { Answer = answer };
        };
    }

    public static Option<Choice<Outcome>> Outcomes(params (string, Outcome)[] choices) =>
        TypedOptions.ChoiceWithoutDefault("--outcome", "What the answer says", choices);

    static MeasureOutcome Measure(string text) => text.Split('=', ':') switch
    {
        [var code, "done"] => new() { Measure = code, Done = true },
        [var code, "not-done", var ground] => new() { Measure = code, Ground = ground },
        _ => throw new CommandException(ExitCode.Usage, $"'{text}' does not say what became of a measure.",
            "It looks like hearing_of_witness=done or hearing_of_witness=not-done:person_not_found."),
    };
}
