using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>A wrong entry is corrected by two officers of the side that wrote it.</summary>
static class CorrectionSteps
{
    public static readonly StepCommand[] All =
    [
        StepCommand.Of(StepCode.ProposeCorrection, "correct", "Propose to correct an entry of your side; a second officer confirms it. request history shows the versions.",
            [
                "--version 4 --on 2026-04-02 --because \"the stamp says the second\"",
                "--version 6 --strike --because \"entered for another request\"",
                "--version 7 --outcome refused --ground ne_bis_in_idem --because \"misread\"",
            ], inputs =>
        {
            var version = inputs.Add(new Option<int>("--version") { Description = "The version whose step is wrong", HelpName = "N", Required = true });
            var step = inputs.Add(new Option<int>("--step") { Description = "Which of that version's steps, from 0", HelpName = "I" });
            var because = inputs.Because("Why");
            var strike = inputs.Add(new Option<bool>("--strike") { Description = "It never happened" });
            var on = inputs.Add(Values.Day("--on", "The day it really happened"));
            var outcome = inputs.Add(Answering.Outcomes(
                ("executed", Outcome.Executed), ("partially-executed", Outcome.PartiallyExecuted), ("refused", Outcome.Refused),
                ("not-executable", Outcome.NotExecutable), ("returned", Outcome.Returned)));
            var ground = inputs.Ground("The ground it really named");
            var expected = inputs.Add(Values.Day("--expected-on", "For a postponement: the day it really named"));
            return taking => new()
            {
                ProposeCorrection = new()
                {
                    Version = taking.Session.Value(version),
                    Step = taking.Session.Value(step),
                    Reason = taking.Text(because),
                    Strike = taking.Session.Value(strike),
                    OccurredOn = taking.Day(on),
                    Outcome = taking.Session.Value(outcome).Value,
                    Ground = taking.Text(ground),
                    ExpectedOn = taking.Day(expected),
                },
            };
        }),
        StepCommand.Of(StepCode.ConfirmCorrection, "confirm-correction", "Agree to the correction a colleague proposed; you sign it, and every figure restates.",
            [""], _ => taking => new() { ConfirmCorrection = new() { ProposedIn = Proposed(taking) } }),
        StepCommand.Of(StepCode.RejectCorrection, "reject-correction", "Do not agree to the correction a colleague proposed.", ["--because \"the stamp is ours\""], inputs =>
        {
            var because = inputs.Because("Why");
            return taking => new() { RejectCorrection = new() { ProposedIn = Proposed(taking), Reason = taking.Text(because) } };
        }),
    ];

    static int Proposed(Taking taking) => taking.Request.ProposedCorrection is > 0 and var version
        ? version
        : throw new Problem(ExitCode.Failed, $"No correction of {taking.Request.Facts.Reference} waits for a second officer of your side.",
            $"exchange request history {taking.Request.Facts.Reference} shows what was decided.");
}
