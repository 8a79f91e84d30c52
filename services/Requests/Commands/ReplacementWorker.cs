using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// Marks the requests that were replaced by a transmitted one, from the sealed journal. The rpc that transmits does so too, but its
/// process may die in between; here it is found whoever died. Every replica looks by itself: what another has marked changes nothing.
/// </summary>
sealed partial class ReplacementWorker(
    RequestStore store, Journal journal, Positions positions, FollowUpSteps followUps, TimeProvider time, ILogger<ReplacementWorker> log)
    : PeriodicWorker(time, Interval)
{
    /// <summary>Name of the position that says how far the journal was looked through.</summary>
    const string Position = "replacements";

    /// <summary>Entries looked through at once, at most.</summary>
    const int PageSize = 10_000;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop) =>
        await LookThroughNextPage(stop) ? TimeSpan.Zero : Interval;

    protected override void Failed(Exception e) => NotMarked(e);

    /// <returns>Whether more is sealed.</returns>
    async Task<bool> LookThroughNextPage(CancellationToken ct)
    {
        var (from, head) = (await positions.Of(Position, ct), (await journal.Head(ct)).SealedNo);
        if (from >= head)
            return false;
        var to = Math.Min(from + PageSize, head);
        foreach (var facts in await store.SealedReplacements(from, to, ct))
            await TryMark(facts, ct);
        // After the marks are durable: a death before this only has them looked at again.
        await positions.Advance(Position, to, edge: null, ct);
        return to < head;
    }

    /// <summary>As the rpc would have: in the name of who transmitted, on the day of the transmission.</summary>
    async Task Mark(RequestFacts facts, CancellationToken ct)
    {
        var entries = EntryChain.Read(await journal.OfAggregate(RequestId.Parse(facts.Request), ct)).Select(read => read.Entry);
        if (entries.FirstOrDefault(entry => LifecycleTable.Replaces(entry.Step)) is { } transmission)
            await followUps.MarkReplaced(transmission.Facts, transmission.Actor, ct);
    }

    async Task TryMark(RequestFacts facts, CancellationToken ct)
    {
        try
        {
            await Mark(facts, ct);
        }
        catch (Refusal refusal) when (Transient.IsRefusedForGood(refusal))
        {
            // It will be refused for ever, and the others must not wait for it.
            Refused(refusal, facts.Request, refusal.Reason);
        }
    }

    [LoggerMessage(2047, LogLevel.Error, "What {Request} replaces cannot be marked: {Reason}")]
    partial void Refused(Exception e, string request, string reason);

    [LoggerMessage(2045, LogLevel.Warning, "Requests that were replaced could not be marked; trying again")]
    partial void NotMarked(Exception e);
}
