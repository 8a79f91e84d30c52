using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Platform;

/// <summary>
/// Gives committed entries a gapless number, takes them into the Merkle tree of the journal and signs its root. One per database, by an
/// advisory lock on the very connection that writes; a late commit simply gets a later number. The work for a batch grows with the batch
/// and the logarithm of the tree.
/// </summary>
sealed partial class Sealer(
    Database database, AppendedSignal signal, SealedSignal done, CheckpointSigner signer, IOptions<LedgerOptions> options,
    EntryMac mac, TimeProvider time, ILogger<Sealer> log) : PeriodicWorker(time, options.Value.SealInterval, signal)
{
    const long Lock = 0x45584348_5345414C; // "EXCHSEAL"

    AdvisoryLock? sole;

    // The right edge of the tree as the last batch left it; null where it has to be read. Whoever holds the lock is the only one to add.
    MerkleFrontier? edge;

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        sole ??= await AdvisoryLock.TryAcquire(database, Lock, stop);
        // Without the lock another replica seals. A full transaction leaves more to be sealed at once.
        return sole is not null && await SealSome(sole.Connection, sole.Session, stop) == options.Value.SealSize
            ? TimeSpan.Zero : options.Value.SealInterval;
    }

    protected override void Failed(Exception e) => Stalled(e);

    protected override async ValueTask Release()
    {
        edge = null;
        if (sole is { } held)
        {
            sole = null;
            await held.DisposeAsync();
        }
    }

    async Task<int> SealSome(NpgsqlConnection connection, Transaction session, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var entries = await session.Query(
            """
            WITH taken AS (
              DELETE FROM unsealed WHERE seq IN (SELECT seq FROM unsealed ORDER BY seq LIMIT $1)
              RETURNING seq, aggregate_id, version, hash)
            SELECT seq, aggregate_id, version, hash,
              row_number() OVER (PARTITION BY aggregate_id, version ORDER BY seq) = 1
              AND NOT EXISTS (SELECT FROM seal s WHERE (s.aggregate_id, s.version) = (t.aggregate_id, t.version)),
              (SELECT mac FROM journal j WHERE (j.aggregate_id, j.version, j.hash) = (t.aggregate_id, t.version, t.hash))
            FROM taken t
            """,
            [options.Value.SealSize],
            row => (Seq: row.GetInt64(0), Aggregate: row.GetGuid(1), Version: row.GetInt32(2), Hash: row.GetFieldValue<byte[]>(3),
                IsNew: row.GetBoolean(4), Mac: row.IsDBNull(5) ? [] : row.GetFieldValue<byte[]>(5)));
        var taken = entries.Count;
        // What the journal does not hold so, is sealed already, or was not written by this service, somebody else has queued: a number
        // given to it would make it the record, or stop every reader.
        if (entries.RemoveAll(entry =>
            !entry.IsNew || !mac.Matches(entry.Aggregate, entry.Version, entry.Hash, entry.Mac)) is > 0 and var strange)
            NotSealed(strange);
        if (entries.Count == 0)
        {
            await transaction.CommitAsync(stop);
            return taken;
        }

        using var work = BackgroundWork.Begin("seal journal")?.SetTag("exchange.entries", entries.Count);
        if (work is not null)
        {
            work.LinkTo(await session.Query(
                """
                SELECT j.trace_parent FROM journal j JOIN unnest($1, $2) AS e (aggregate_id, version) USING (aggregate_id, version)
                WHERE j.trace_parent IS NOT NULL
                """,
                [entries.Select(e => e.Aggregate).ToArray(), entries.Select(e => e.Version).ToArray()], row => row.GetString(0)));
        }

        // Versions of one aggregate commit one after the other, so their order of arrival is their order here.
        entries.Sort((a, b) => a.Seq.CompareTo(b.Seq));
        var size = (await session.Query("SELECT coalesce(max(sealed_no), 0) FROM seal", [], row => row.GetInt64(0))).Single();
        var next = edge?.Size == size ? edge.Copy() : await SealedTree.Frontier(session, size);
        List<(MerkleNode Node, byte[] Hash)> completed = [];
        foreach (var entry in entries)
        {
            next.Add(entry.Hash, (node, hash) =>
            {
                if (SealedTree.IsStored(node))
                    completed.Add((node, hash));
            });
        }
        await session.Execute(
            "INSERT INTO seal (sealed_no, aggregate_id, version, leaf) SELECT * FROM unnest($1, $2, $3, $4)",
            [
                entries.Select((_, i) => size + i + 1).ToArray(), entries.Select(e => e.Aggregate).ToArray(),
                entries.Select(e => e.Version).ToArray(), Bytes(entries.Select(e => e.Hash)),
            ]);
        if (completed.Count > 0)
        {
            await session.Execute("INSERT INTO tree (level, index, hash) SELECT * FROM unnest($1, $2, $3)",
                [
                    completed.Select(one => (short)one.Node.Level).ToArray(), completed.Select(one => one.Node.Index).ToArray(),
                    Bytes(completed.Select(one => one.Hash)),
                ]);
        }
        var root = next.Root;
        await session.Execute("INSERT INTO checkpoints (size, root, sealed_at, note) VALUES ($1, $2, $3, $4)",
            [next.Size, root, Time.GetUtcNow(), signer.Sign(next.Size, root)]);
        await transaction.CommitAsync(stop);
        edge = next;
        done.WakeUp();
        return taken;
    }

    static NpgsqlParameter Bytes(IEnumerable<byte[]> values) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea, Value = values.ToArray() };

    [LoggerMessage(1030, LogLevel.Error, "Entries of the journal could not be sealed; they wait, trying again")]
    partial void Stalled(Exception e);

    [LoggerMessage(1032, LogLevel.Error,
        "{Entries} entries that waited for the seal were not written by this service, or are sealed: the database was changed. "
        + "They get no number")]
    partial void NotSealed(int entries);
}
