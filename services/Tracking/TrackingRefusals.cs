using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>Every refusal this service answers with, by name; faults of the input are named where they are found.</summary>
static class TrackingRefusals
{
    public static Refusal CommandReused() =>
        Refusal.Invalid([new("command_id", "belongs to another command already; make a new one for every command.")]);

    /// <summary>One rebuild at a time, whichever replica runs it.</summary>
    public static Refusal RebuildRuns() => new(RefusalKind.NotAllowedNow, "REBUILD_RUNS", "A rebuild is running already; wait for its end or stop it.");

    /// <summary>Mending from a journal that lost entries would lose them here too.</summary>
    public static Refusal JournalWentBack() => new(RefusalKind.NotAllowedNow, "JOURNAL_WENT_BACK",
        "Requests was restored from an older copy: its journal no longer holds what was read in it. exchange restore check tells what is missing; exchange restore accept takes the journal as it stands.");

    /// <summary>Somebody else took the rung for one of the requests a moment before.</summary>
    public static Refusal TakenMeanwhile() => new(RefusalKind.ChangedMeanwhile, "RUNG_TAKEN_MEANWHILE",
        "Somebody else took this rung for one of the requests meanwhile. List what is due, and decide again.");
}
