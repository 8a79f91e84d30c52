using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>Which entries one officer may correct without a second: his own, of the same day, that touched nobody else yet.</summary>
static class OwnEntries
{
    /// <param name="since">The entry that is wrong, and all after it; empty where there is no such entry.</param>
    /// <param name="side">The caller's side.</param>
    /// <param name="today">The day it is in the caller's state.</param>
    public static bool MayCorrect(
        IReadOnlyList<JournalEntry> since, Side side, Caller caller, DateOnly today, ReferenceData reference) =>
        since.Count > 0 && since.All(entry => caller.IsPersonOf(entry.Actor.Identity))
        && reference.DayAt(caller.State!, since[0].RecordedAt.ToDateTimeOffset()) == today
        // Nor was the other side told by anything since: a change of channel shows it all that stands.
        && !since.Any(entry => side is Side.RequestingSide ? Disclosure.Tells(entry) : LifecycleTable.IsTold(entry.Step));
}
