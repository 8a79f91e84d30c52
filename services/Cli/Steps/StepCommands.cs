namespace Exchange.Cli;

/// <summary>Every step there is a command for, in the order of a request's life.</summary>
static class StepCommands
{
    public static IReadOnlyList<StepCommand> All { get; } = [.. RequesterSteps.All, .. PartnerSteps.All, .. CorrectionSteps.All];
}
