using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>Every refusal this service answers with, by name; faults of the input are named where they are found.</summary>
static class TrackingRefusals
{
    public static Refusal CommandReused() =>
        Refusal.Invalid([new("command_id", "belongs to another command already; make a new one for every command.")]);

    /// <summary>Somebody else took the rung for one of the requests a moment before.</summary>
    public static Refusal TakenMeanwhile() => new(RefusalKind.ChangedMeanwhile, "RUNG_TAKEN_MEANWHILE",
        "Somebody else took this rung for one of the requests meanwhile. List what is due, and decide again.");
}
