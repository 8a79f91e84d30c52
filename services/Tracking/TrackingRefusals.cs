using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>
/// The refusals of this service; violations in the fields of a request are found by <see cref="QueryReader"/> and the operations.
/// </summary>
static class TrackingRefusals
{
    /// <summary>Somebody else took the rung for one of the requests a moment before.</summary>
    public static Refusal TakenMeanwhile() => new(RefusalKind.ChangedMeanwhile, "RUNG_TAKEN_MEANWHILE",
        "Somebody else took this rung for one of the requests meanwhile. List what is due, and decide again.");
}
