using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Exchange.Platform;

/// <summary>Writes the ledger's appends in groups, one statement a group. Of one aggregate only one append is in a group.</summary>
sealed class LedgerWriter(
    NpgsqlDataSource source, IReadOnlyList<StateTable> tables, EntryMac entryMac, StateMac mac, MessageSigner signer, OutboxQueue outbox,
    AppendedSignal seal,
    LedgerOptions options, Failpoints failpoints, TimeProvider time, ILogger log)
    : BatchingWriter<PreparedAppend, AppendOutcome>(
        new(options.GroupSize, options.QueueLength, options.GroupBytes, options.Writers),
        new(options.PauseWhenAway, options.DatabaseAwayLimit), time, log)
{
    static readonly ActivitySource Source = SemanticConventions.Source("Exchange.Ledger");

    readonly LedgerStatement statement = new(tables, entryMac, mac);

    protected override Guid? KeyOf(PreparedAppend item) => item.Append.AggregateId;

    protected override long WeightOf(PreparedAppend item) => item.Bytes;

    /// <summary>
    /// A connection lost during COMMIT leaves the outcome unknown. Writing the same again finds out: what had committed
    /// loses to itself and is recognised.
    /// </summary>
    protected override async Task<IReadOnlyList<AppendOutcome>> Write(
        IReadOnlyList<PreparedAppend> batch, bool again, CancellationToken stop)
    {
        using var span = SpanOf(batch);
        var messages = Sign(batch);
        // A caller's deadline never reaches the shared transaction, and neither does the end of the service.
        await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
        var leasedUntil = Time.GetUtcNow() + options.Lease;
        var won = await statement.Run(connection, batch, messages, leasedUntil);
        failpoints.Reach(Failpoints.LedgerCommitted);
        outbox.Enqueue(messages.Where(m => won.Contains(m.Aggregate)).Select(m => m.Message), leasedUntil);
        seal.WakeUp();
        var losers = batch.Where(p => !won.Contains(p.Append.AggregateId)).ToArray();
        var explained = losers.Length == 0 ? [] : await Explain(connection, losers, again);
        return [.. batch.Select(p => explained.GetValueOrDefault(p, AppendOutcome.Appended))];
    }

    /// <summary>Once for the group, before it is written: its rows hold what was signed.</summary>
    List<(Guid Aggregate, OutboxMessage Message)> Sign(IReadOnlyList<PreparedAppend> batch)
    {
        var told = batch.Where(p => p.Message is not null).ToList();
        var signed = signer.SignHashed([.. told.Select(p => (p.Message!, p.Leaf!))]);
        return [.. told.Select((p, i) => (p.Append.AggregateId, signed[i]))];
    }

    /// <summary>A unique key of a state table is taken: somebody else was faster, as with a version.</summary>
    protected override Task<AppendOutcome> Settle(PreparedAppend item, Exception cause, CancellationToken stop) =>
        cause is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
            ? Task.FromResult(AppendOutcome.Conflict)
            : base.Settle(item, cause, stop);

    /// <summary>A span for the group, not for each append: in the trace of the first caller, and linked to the others' calls.</summary>
    static Activity? SpanOf(IReadOnlyList<PreparedAppend> group)
    {
        var first = group[0].Call;
        return Source.StartActivity("ledger append", ActivityKind.Internal, first, links: group.Select(p => p.Call).Distinct()
                .Where(call => call != first && call != default).Select(call => new ActivityLink(call)))
            ?.SetTag("exchange.appends", group.Count);
    }

    static async Task<Dictionary<PreparedAppend, AppendOutcome>> Explain(
        NpgsqlConnection connection, PreparedAppend[] losers, bool triedBefore)
    {
        var known = (await new Transaction(connection, CancellationToken.None).Query(
            "SELECT command_id, command_digest, hash, aggregate_id, version FROM journal WHERE command_id = ANY($1)",
            [losers.Select(p => p.Append.CommandId).ToArray()],
            row => (Id: row.GetGuid(0), Digest: row.GetFieldValue<byte[]>(1), Hash: row.GetFieldValue<byte[]>(2),
                At: (row.GetGuid(3), row.GetInt32(4)))))
            .ToDictionary(row => row.Id);
        return losers.ToDictionary(p => p, p => !known.TryGetValue(p.Append.CommandId, out var row) ? AppendOutcome.Conflict
            : triedBefore && row.At == (p.Append.AggregateId, p.Append.Version) && row.Hash.AsSpan().SequenceEqual(p.Hash)
                ? AppendOutcome.Appended
            : row.Digest.AsSpan().SequenceEqual(p.Append.CommandDigest) ? AppendOutcome.Repeated
            : AppendOutcome.CommandReused);
    }
}
