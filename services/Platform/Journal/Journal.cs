using System.Runtime.CompilerServices;
using Npgsql;

namespace Exchange.Platform;

/// <summary>An entry with its place in the sealed order.</summary>
/// <param name="SealedNo">Its number: gapless, from 1; 0 where it is not sealed yet.</param>
/// <param name="AggregateId">The aggregate it belongs to.</param>
/// <param name="Version">Its version within the aggregate, from 1.</param>
/// <param name="EntryHash">SHA-256 of the canonical bytes.</param>
/// <param name="SealHash">Hash of the chain up to and including this entry; empty where it is not sealed yet.</param>
/// <param name="Entry">Canonical bytes; empty when not asked for.</param>
/// <param name="TraceParent">W3C context of the call that wrote it; null where none was kept.</param>
public sealed record SealedRow(
    long SealedNo, Guid AggregateId, int Version, byte[] EntryHash, byte[] SealHash, byte[] Entry, string? TraceParent);

/// <summary>What a command wrote, and the digest of its content.</summary>
public sealed record WrittenCommand(Guid AggregateId, int Version, byte[] Digest);

/// <summary>Reads the service's own journal: in sealed order, or by aggregate.</summary>
public sealed class Journal(Database database)
{
    const int PageSize = 500;

    /// <summary>The newest signed checkpoint, or null when nothing is sealed.</summary>
    public async Task<byte[]?> Checkpoint(CancellationToken ct) =>
        (await database.Query("SELECT body FROM checkpoints ORDER BY sealed_no DESC LIMIT 1", [],
            row => row.GetFieldValue<byte[]>(0), ct)).FirstOrDefault();

    /// <summary>Last number sealed and the number of entries waiting for one.</summary>
    public async Task<(long SealedNo, long Unsealed)> Head(CancellationToken ct) =>
        (await database.Query("SELECT coalesce((SELECT max(sealed_no) FROM seal), 0), (SELECT count(*) FROM unsealed)", [],
            row => (row.GetInt64(0), row.GetInt64(1)), ct)).Single();

    /// <summary>What a command wrote; null when it is not known.</summary>
    public async Task<WrittenCommand?> Find(Guid commandId, CancellationToken ct) => (await database.Query(
        "SELECT aggregate_id, version, command_digest FROM journal WHERE command_id = $1", [commandId],
        row => new WrittenCommand(row.GetGuid(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2)), ct)).FirstOrDefault();

    /// <summary>Every entry of one aggregate, the oldest first; number 0 where it is not sealed yet.</summary>
    /// <param name="version">Only this one; 0 for all.</param>
    public Task<List<SealedRow>> OfAggregate(Guid aggregateId, CancellationToken ct, int version = 0) => database.Query(
        """
        SELECT coalesce(s.sealed_no, 0), j.aggregate_id, j.version, j.hash, coalesce(s.seal_hash, ''), j.entry, j.trace_parent
        FROM journal j LEFT JOIN seal s USING (aggregate_id, version) WHERE j.aggregate_id = $1 AND $2 IN (0, j.version) ORDER BY j.version
        """,
        [aggregateId, version], ReadRow, ct);

    /// <summary>An aggregate's newest entry; version 0 when it has none.</summary>
    public async Task<(int Version, byte[] Hash, DateTimeOffset RecordedAt)> Newest(Guid aggregate, CancellationToken ct) =>
        (await database.Query(
        "SELECT version, hash, recorded_at FROM journal WHERE aggregate_id = $1 ORDER BY version DESC LIMIT 1",
        [aggregate], row => (row.GetInt32(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<DateTimeOffset>(2)), ct))
        .DefaultIfEmpty((0, [], DateTimeOffset.MinValue)).First();

    /// <summary>When the first entry of each was recorded; one without entries is left out.</summary>
    public async Task<Dictionary<Guid, DateTimeOffset>> Began(Guid[] aggregates, CancellationToken ct) => (await database.Query(
        "SELECT aggregate_id, recorded_at FROM journal WHERE aggregate_id = ANY($1) AND version = 1",
        [aggregates], row => (Id: row.GetGuid(0), At: row.GetFieldValue<DateTimeOffset>(1)), ct))
        .ToDictionary(row => row.Id, row => row.At);

    /// <summary>Those of the entries that are neither sealed nor wait for it; entries that are not there are left out.</summary>
    public async Task<List<(Guid AggregateId, int Version)>> Unordered(
        IReadOnlyList<(Guid AggregateId, int Version)> entries, CancellationToken ct) => entries.Count == 0 ? [] : await database.Query(
        """
        SELECT j.aggregate_id, j.version FROM journal j JOIN unnest($1, $2) AS e (aggregate_id, version) USING (aggregate_id, version)
        WHERE NOT EXISTS (SELECT FROM seal s WHERE s.aggregate_id = j.aggregate_id AND s.version = j.version)
          AND (j.aggregate_id, j.version) NOT IN (SELECT aggregate_id, version FROM unsealed)
        ORDER BY 1, 2
        """,
        [entries.Select(e => e.AggregateId).ToArray(), entries.Select(e => e.Version).ToArray()],
        row => (row.GetGuid(0), row.GetInt32(1)), ct);

    /// <summary>A page of all entries, in the order of aggregates and not of the seal, after this one.</summary>
    public Task<List<(Guid AggregateId, int Version)>> Page(
        (Guid AggregateId, int Version) after, int count, CancellationToken ct) => database.Query(
        "SELECT aggregate_id, version FROM journal WHERE (aggregate_id, version) > ($1, $2) ORDER BY aggregate_id, version LIMIT $3",
        [after.AggregateId, after.Version, count], row => (row.GetGuid(0), row.GetInt32(1)), ct);

    /// <summary>
    /// Streams the range as far as it is sealed, ends included, a page at a time so that no cursor stays open for a slow reader.
    /// </summary>
    public async IAsyncEnumerable<SealedRow> Read(long from, long to, bool withEntries, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var next = from; next <= to; next += PageSize)
        {
            var page = await database.Query(
                """
                SELECT s.sealed_no, s.aggregate_id, s.version, j.hash, s.seal_hash, CASE WHEN $3 THEN j.entry ELSE '' END, j.trace_parent
                FROM seal s JOIN journal j USING (aggregate_id, version)
                WHERE s.sealed_no BETWEEN $1 AND $2 ORDER BY s.sealed_no
                """,
                [next, Math.Min(to, next + PageSize - 1), withEntries], ReadRow, ct);
            foreach (var row in page)
                yield return row;
            // Numbers have no gaps: a page that is not full is the last.
            if (page.Count < PageSize)
                yield break;
        }
    }

    static SealedRow ReadRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetGuid(1), row.GetInt32(2),
        row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(4), row.GetFieldValue<byte[]>(5),
        row.IsDBNull(6) ? null : row.GetString(6));
}
