using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>
/// Reads the journal behind the events: what an event brought already changes nothing, what was lost is healed, and the
/// position says what the figures stand on. Entries go through the <see cref="MessageBatcher{T}"/> like messages: a bad one is
/// parked and does not bar the way to what follows, also one that kills the process. What is read is proved by the head that the other
/// service signed, see <see cref="JournalReader{T}"/>: an entry that was changed stops the reading. At each look the head must cover all
/// that was read: a journal restored from an older copy is noticed, recorded, and followed no further until an operator says so. One
/// process per database follows, so what it finds unfinished was left by a death.
/// </summary>
public sealed partial class JournalFollower<T>(
    IFollowedJournal<T> journal, MessageBatcher<T> batcher, Positions positions, DatabaseHistory history, Database database,
    PlatformGauges gauges, IOptions<FollowOptions> options, TimeProvider time, ILogger<JournalFollower<T>> log)
    : PeriodicWorker(time, options.Value.Interval)
    where T : class
{
    /// <summary>More than one, for a process may also be killed from outside while it consumes an innocent entry.</summary>
    const int DeadlyAfter = 3;

    static readonly TimeSpan TimeToClear = TimeSpan.FromSeconds(3);

    AdvisoryLock? sole;
    long suspectedTo;

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        if (sole is null)
        {
            sole = await AdvisoryLock.TryAcquire(database, $"follow {journal.Name}", stop);
            if (sole is null)
                return options.Value.Interval; // Another process follows.
            suspectedTo = await positions.LeftUnfinished(journal.Name, stop);
        }
        await sole.EnsureHeld(stop);
        await CatchUp(stop);
        return options.Value.Interval;
    }

    protected override void Failed(Exception e)
    {
        if (e is Refusal { Kind: RefusalKind.Damaged } damaged)
            history.NoteDamage(journal.Name, damaged.Message);
        Behind(e, journal.Name);
    }

    protected override async ValueTask Release()
    {
        if (sole is { } held)
        {
            sole = null;
            await held.DisposeAsync();
        }
    }

    async Task CatchUp(CancellationToken stop)
    {
        var reader = new JournalReader<T>(journal, await positions.Edge(journal.Name, stop));
        var known = reader.Edge.Size;
        var head = await reader.Head(stop);
        if (head is null)
        {
            await history.Retreat(journal.Name, reader.Edge, stop);
            return;
        }
        gauges.Behind(journal.Name, head.SealedNo - known);
        if (head.SealedNo > known)
        {
            using var work = BackgroundWork.Begin($"follow {journal.Name}")?.SetTag("exchange.entries", head.SealedNo - known);
            // What may have killed a process is consumed alone.
            await ReadOn(reader, head, Math.Min(suspectedTo, head.SealedNo), pageSize: 1, work, stop);
            await ReadOn(reader, head, head.SealedNo, options.Value.BatchSize, work, stop);
        }
        history.NoteDamage(journal.Name, null);
        if (history.WentBack)
            await history.EndRetreat(journal.Name, stop);
        if (history.Closed)
            await history.Reconcile(stop);
    }

    async Task ReadOn(JournalReader<T> reader, JournalHead head, long to, int pageSize, Activity? work, CancellationToken stop)
    {
        await foreach (var page in reader.ReadOn(head, to, pageSize, stop))
        {
            var told = page.Where(entry => entry.Message is not null).ToList();
            work.LinkTo(told.Select(entry => entry.TraceParent));
            await Consume(
                [.. told.Select(entry => DeliveryOf(entry.SealedNo, entry.Message!, entry.SealedNo <= suspectedTo ? DeadlyAfter : null))],
                page[0].SealedNo, reader.Edge, stop);
            gauges.Behind(journal.Name, head.SealedNo - reader.Edge.Size);
        }
    }

    async Task Consume(IReadOnlyList<Delivery<T>> page, long from, MerkleFrontier edge, CancellationToken stop)
    {
        // What is suspected stays so until it is past.
        await positions.Begin(journal.Name, from, Math.Max(edge.Size, suspectedTo), stop);
        try
        {
            await batcher.Deliver(page, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(TimeToClear, Time);
            await positions.Begin(journal.Name, 0, 0, limit.Token); // An orderly end leaves nothing suspected.
            throw;
        }
        await positions.Advance(journal.Name, edge.Size, edge, stop);
    }

    /// <summary>
    /// The entry as a delivery. Its body is its place in the journal, from where it is read again should it be parked and
    /// replayed.
    /// </summary>
    Delivery<T> DeliveryOf(long sealedNo, T message, int? deadlyAfter)
    {
        var place = Encoding.UTF8.GetBytes($"{journal.Name} {sealedNo}");
        return new(message, new(SHA256.HashData(place).AsSpan(0, 16)), place, Activity.Current?.Context ?? default)
        {
            DeadlyAfter = deadlyAfter,
        };
    }

    [LoggerMessage(1060, LogLevel.Warning, "The journal of {Source} could not be read on; the lag grows until it can, trying again")]
    partial void Behind(Exception e, string source);
}
