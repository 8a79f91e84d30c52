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

    /// <summary>A rung is told to the partner as an officer's, so he must have signed it.</summary>
    public static Refusal SignatureNeeded() => new(RefusalKind.NotAllowedNow, "SIGNATURE_NEEDED",
        "A rung needs the officer's signature over what he saw: a RungAct.");

    /// <summary>He signed something else, or somebody else did.</summary>
    public static Refusal SignatureWrong(string why) =>
        new(RefusalKind.NotAllowedNow, "SIGNATURE_WRONG", "The signature does not stand: " + why);
}
