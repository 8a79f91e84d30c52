using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>A wrong entry is corrected by two officers of the side that wrote it, an own one of the same day by its author.</summary>
static class CorrectionSteps
{
    public static readonly StepCommand[] All =
    [
        StepCommand.Of(StepCode.ProposeCorrection, "correct",
            "Propose to correct an entry of your side; a second officer confirms it. request history shows the versions.",
            [
                "--version 4 --on 2026-04-02 --because \"the stamp says the second\"",
                "--version 6 --strike --because \"entered for another request\"",
                "--version 7 --outcome refused --ground ne_bis_in_idem --because \"misread\"",
            ], options =>
        {
            var correction = Correction(options);
            return context => new() { ProposeCorrection = correction(context) };
        }),
        StepCommand.Of(StepCode.CorrectOwnEntry, "correct-own",
            "Correct alone what you entered today, if the other side was not told of it; you sign it, and it takes effect at once.",
            ["--version 4 --on 2026-04-02 --because \"the stamp says the second\""], options =>
        {
            var correction = Correction(options);
            return context => new() { CorrectOwnEntry = correction(context) };
        }),
        StepCommand.Of(StepCode.ConfirmCorrection, "confirm-correction",
            "Agree to the correction a colleague proposed; you sign it, and every figure restates.",
            [""], _ => context => new()
            {
                ConfirmCorrection = new() { ProposedIn = Proposed(context), StatementHash = context.Request.ProposedCorrectionHash },
            }),
        StepCommand.Of(StepCode.RejectCorrection, "reject-correction", "Do not agree to the correction a colleague proposed.",
            ["--because \"the stamp is ours\""], options =>
        {
            var because = options.Because("Why");
            return context => new() { RejectCorrection = new() { ProposedIn = Proposed(context), Reason = context.Text(because) } };
        }),
    ];

    static Func<StepContext, ProposeCorrection> Correction(StepOptions options)
    {
        var version = options.Add(
            new Option<int>("--version") { Description = "The version whose step is wrong", HelpName = "N", Required = true });
        var step = options.Add(new Option<int>("--step") { Description = "Which of that version's steps, from 0", HelpName = "I" });
        var because = options.Because("Why");
        var strike = options.Add(new Option<bool>("--strike") { Description = "It never happened" });
        var on = options.Add(TypedOptions.Day("--on", "The day it really happened"));
        var outcome = options.Add(AnswerOptions.Outcomes(
            ("executed", Outcome.Executed), ("partially-executed", Outcome.PartiallyExecuted), ("refused", Outcome.Refused),
            ("not-executable", Outcome.NotExecutable), ("returned", Outcome.Returned)));
        var ground = options.Ground("The ground it really named");
        var expected = options.Add(TypedOptions.Day("--expected-on", "For a postponement: the day it really named"));
        return context => new()
        {
            Version = context.Session.Value(version),
            Step = context.Session.Value(step),
            Reason = context.Text(because),
            Strike = context.Session.Value(strike),
            OccurredOn = context.Day(on),
            Outcome = context.Session.Value(outcome).Value,
            Ground = context.Text(ground),
            ExpectedOn = context.Day(expected),
        };
    }

    static int Proposed(StepContext context) => context.Request.ProposedCorrection is > 0 and var version
        ? version
        : throw new CommandException(ExitCode.Failed,
            $"No correction of {context.Request.Facts.Reference} waits for a second officer of your side.",
            $"exchange request history {context.Request.Facts.Reference} shows what was decided.");
}
