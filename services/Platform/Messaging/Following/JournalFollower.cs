using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>
/// Reads the journal behind the events: what an event brought already changes nothing, what was lost is healed, and the
/// position says what the figures stand on. Entries go through the <see cref="MessageBatcher{T}"/> like messages: a bad one is
/// parked and does not bar the way to what follows, also one that kills the process. At each look the seal at the position
/// is compared with the one read there: a journal restored from an older copy is noticed, recorded, and followed no further
/// until an operator says so. One process per database follows, so what it finds unfinished was left by a death.
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

    protected override void Failed(Exception e) => Behind(e, journal.Name);

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
        var position = await positions.Read(journal.Name, stop);
        var head = await journal.Head(stop);
        gauges.Behind(journal.Name, Math.Max(0, head.SealedNo - position.SealedNo));
        if (head.SealedNo < position.SealedNo || (head.SealedNo == position.SealedNo && Differs(head, position)))
        {
            await history.Retreat(journal.Name, position, head.SealedNo, stop);
            return;
        }
        if (head.SealedNo > position.SealedNo && !await ReadOn(position, head.SealedNo, stop))
        {
            await history.Retreat(journal.Name, position, head.SealedNo, stop);
            return;
        }
        if (head.SealedNo > 0 && head.SealedNo == position.SealedNo && position.SealHash is null)
            await positions.Advance(journal.Name, head.SealedNo, head.SealHash, stop);
        if (history.WentBack)
            await history.EndRetreat(journal.Name, stop);
        if (history.Closed)
            await history.Reconcile(stop);
    }

    /// <summary>Reads from the position itself on: the entry there must be the one that was read there, or nothing is consumed.</summary>
    async Task<bool> ReadOn((long SealedNo, byte[]? SealHash) position, long head, CancellationToken stop)
    {
        using var work = BackgroundWork.Begin($"follow {journal.Name}")?.SetTag("exchange.entries", head - position.SealedNo);
        List<Delivery<T>> batch = [];
        var (taken, read) = (position, position);
        await foreach (var (sealedNo, sealHash, message, traceParent) in journal.Read(Math.Max(1, position.SealedNo), head, stop))
        {
            if (Differs((sealedNo, sealHash), position))
                return false;
            read = (sealedNo, sealHash);
            if (message is not null && sealedNo > position.SealedNo)
            {
                work.LinkTo([traceParent]);
                batch.Add(DeliveryOf(sealedNo, message, sealedNo <= suspectedTo ? DeadlyAfter : null));
            }
            if (sealedNo > taken.SealedNo && (batch.Count >= options.Value.BatchSize || sealedNo <= suspectedTo))
                taken = await Consume(batch, taken.SealedNo + 1, read, stop);
        }
        if (read.SealedNo > taken.SealedNo)
            taken = await Consume(batch, taken.SealedNo + 1, read, stop);
        gauges.Behind(journal.Name, head - taken.SealedNo);
        return true;
    }

    static bool Differs((long SealedNo, byte[] SealHash) found, (long SealedNo, byte[]? SealHash) read) =>
        found.SealedNo == read.SealedNo && read is { SealedNo: > 0, SealHash: { } known } && !known.AsSpan().SequenceEqual(found.SealHash);

    async Task<(long SealedNo, byte[]? SealHash)> Consume(
        List<Delivery<T>> batch, long from, (long SealedNo, byte[]? SealHash) to, CancellationToken stop)
    {
        // What is suspected stays so until it is past.
        await positions.Begin(journal.Name, from, Math.Max(to.SealedNo, suspectedTo), stop);
        try
        {
            await batcher.Deliver(batch, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(TimeToClear, Time);
            await positions.Begin(journal.Name, 0, 0, limit.Token); // An orderly end leaves nothing suspected.
            throw;
        }
        batch.Clear();
        await positions.Advance(journal.Name, to.SealedNo, to.SealHash, stop);
        return to;
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
