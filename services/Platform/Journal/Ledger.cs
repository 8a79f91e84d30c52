using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exchange.Platform;

/// <summary>
/// Makes appends durable. Concurrent callers share a transaction: a writer takes what is there, writes it in one
/// statement and tells each caller his own outcome; it never waits for company. <c>Appended</c> means committed with
/// <c>synchronous_commit</c> on. Safe with several replicas: the journal's keys decide.
/// </summary>
public sealed partial class Ledger(
    NpgsqlDataSource source, IReadOnlyList<StateTable> tables, OutboxMessages messages, OutboxQueue outbox, SealSignal seal,
    History history, IOptions<LedgerOptions> options, Failpoints failpoints, TimeProvider time, ILogger<Ledger> log) : BackgroundService
{
    static readonly ActivitySource Source = Conventions.Source("Exchange.Ledger");

    readonly LedgerStatement statement = new(tables);
    readonly Channel<PendingAppend>[] queues = [.. Enumerable.Range(0, options.Value.Writers).Select(_ =>
        Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(options.Value.QueueLength) { SingleReader = true }))];
    volatile bool stopping;

    /// <summary>Waits until the append is durable, or lost to another.</summary>
    /// <param name="mending">Recovers what a restore lost, and so is written while the ledger is closed.</param>
    /// <exception cref="Refusal">Exhausted: more is waiting than the queue holds. Unavailable: the service is stopping, or was restored from a copy.</exception>
    public Task<AppendOutcome> Append(Append append, CancellationToken ct, bool mending = false)
    {
        ct.ThrowIfCancellationRequested();
        if (!mending)
            history.EnsureOpen();
        var pending = new PendingAppend(append, append.Event is null ? null : messages.Compose(append.Event));
        var queue = queues[(uint)append.AggregateId.GetHashCode() % queues.Length];
        return queue.Writer.TryWrite(pending) ? pending.Done.Task
            : stopping ? throw new Refusal(RefusalKind.Unavailable, "STOPPING", "This replica is stopping; try again, another will answer.")
            : throw new Refusal(RefusalKind.Exhausted, "LEDGER_FULL", "Too many writes at once; try again in a moment.");
    }

    /// <summary>Looks first whether the database was restored from a copy, and begins to write.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await history.Look(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(queues.Select(queue => Write(queue.Reader)));

    /// <summary>Takes no more, writes what was accepted, then stops.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        stopping = true;
        foreach (var queue in queues)
            queue.Writer.TryComplete();
        // Not beyond the time that the host allows: who was not answered by then does not know, and asks again.
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    async Task Write(ChannelReader<PendingAppend> queue)
    {
        List<PendingAppend> group = [];
        HashSet<Guid> aggregates = [];
        PendingAppend? held = null;
        while (held is not null || await queue.WaitToReadAsync())
        {
            group.Clear();
            aggregates.Clear();
            var bytes = 0L;
            // Of one aggregate only one append a group: the second must see the first.
            while (group.Count < options.Value.GroupSize && (held is not null || queue.TryRead(out held))
                && (group.Count == 0 || bytes + held!.Bytes <= options.Value.GroupBytes) && aggregates.Add(held!.Append.AggregateId))
            {
                group.Add(held);
                bytes += held.Bytes;
                held = null;
            }
            await WriteGroup(group);
        }
    }

    /// <summary>A span for the group, not for each append: in the trace of the first caller, and linked to the others' calls.</summary>
    static Activity? SpanOf(IReadOnlyList<PendingAppend> group)
    {
        var first = group[0].Call;
        return Source.StartActivity("ledger append", ActivityKind.Internal, first, links: group.Select(p => p.Call).Distinct()
                .Where(call => call != first && call != default).Select(call => new ActivityLink(call)))
            ?.SetTag("exchange.appends", group.Count);
    }

    async Task WriteGroup(IReadOnlyList<PendingAppend> group)
    {
        using var span = SpanOf(group);
        try
        {
            var outcomes = await WriteUntilKnown(group);
            foreach (var pending in group)
                pending.Done.SetResult(outcomes[pending]);
        }
        catch (Exception e) when (group.Count > 1 && !Passing(e))
        {
            GroupSplit(e, group.Count);
            await WriteGroup([.. group.Take(group.Count / 2)]);
            await WriteGroup([.. group.Skip(group.Count / 2)]);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            group[0].Done.SetResult(AppendOutcome.Conflict);
        }
        catch (Exception e)
        {
            foreach (var pending in group)
                pending.Done.TrySetException(e);
        }
    }

    /// <summary>The fault is nobody's in the group: the database is away, or chose this transaction to break a deadlock.</summary>
    static bool Passing(Exception e) => e is NpgsqlException { IsTransient: true };

    /// <summary>
    /// A connection lost during COMMIT leaves the outcome unknown. Writing the same again finds out: what had committed
    /// loses to itself and is recognised.
    /// </summary>
    async Task<Dictionary<PendingAppend, AppendOutcome>> WriteUntilKnown(IReadOnlyList<PendingAppend> group)
    {
        var giveUp = time.GetUtcNow() + options.Value.DatabaseAwayLimit;
        for (var triedBefore = false; ; triedBefore = true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                var leasedUntil = time.GetUtcNow() + options.Value.Lease;
                var won = await statement.Run(connection, group, leasedUntil);
                failpoints.Reach(Failpoints.LedgerCommitted);
                outbox.Hand(group.Where(p => p.Message is not null && won.Contains(p.Append.AggregateId)).Select(p => p.Message!), leasedUntil);
                seal.WakeUp();
                var losers = group.Where(p => !won.Contains(p.Append.AggregateId)).ToArray();
                var outcomes = losers.Length == 0 ? [] : await Explain(connection, losers, triedBefore);
                foreach (var pending in group.Except(losers))
                    outcomes[pending] = AppendOutcome.Appended;
                return outcomes;
            }
            catch (Exception e) when (Passing(e) && time.GetUtcNow() < giveUp)
            {
                DatabaseAway(e);
                await Task.Delay(options.Value.PauseWhenAway, time);
            }
        }
    }

    static async Task<Dictionary<PendingAppend, AppendOutcome>> Explain(
        NpgsqlConnection connection, PendingAppend[] losers, bool triedBefore)
    {
        var known = (await new Transaction(connection, CancellationToken.None).Query(
            "SELECT command_id, command_digest, hash, aggregate_id, version FROM journal WHERE command_id = ANY($1)",
            [losers.Select(p => p.Append.CommandId).ToArray()],
            row => (Id: row.GetGuid(0), Digest: row.GetFieldValue<byte[]>(1), Hash: row.GetFieldValue<byte[]>(2), At: (row.GetGuid(3), row.GetInt32(4)))))
            .ToDictionary(row => row.Id);
        return losers.ToDictionary(p => p, p => !known.TryGetValue(p.Append.CommandId, out var row) ? AppendOutcome.Conflict
            : triedBefore && row.At == (p.Append.AggregateId, p.Append.Version) && row.Hash.AsSpan().SequenceEqual(p.Hash) ? AppendOutcome.Appended
            : row.Digest.AsSpan().SequenceEqual(p.Append.CommandDigest) ? AppendOutcome.Repeated
            : AppendOutcome.CommandReused);
    }

    [LoggerMessage(1020, LogLevel.Warning, "A group of {Count} appends failed and is written in halves")]
    partial void GroupSplit(Exception e, int count);

    [LoggerMessage(1021, LogLevel.Warning, "The database went away while appends were written; trying again")]
    partial void DatabaseAway(Exception e);
}
