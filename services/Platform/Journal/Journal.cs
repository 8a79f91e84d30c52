using System.Runtime.CompilerServices;
using Npgsql;

namespace Exchange.Platform;

/// <summary>An entry with its place in the sealed order.</summary>
/// <param name="SealedNo">Its number: gapless, from 1; 0 where it is not sealed yet.</param>
/// <param name="AggregateId">The aggregate it belongs to.</param>
/// <param name="Version">Its version within the aggregate, from 1.</param>
/// <param name="EntryHash">Its hash, see <see cref="EntryBytes.HashOf"/>.</param>
/// <param name="Entry">Canonical bytes, see <see cref="EntryBytes"/>; empty when not asked for.</param>
/// <param name="TraceParent">W3C context of the call that wrote it; null where none was kept.</param>
public sealed record SealedRow(long SealedNo, Guid AggregateId, int Version, byte[] EntryHash, byte[] Entry, string? TraceParent);

/// <summary>A head of the sealed order, signed: how many entries it covers, and the root of the Merkle tree over them.</summary>
/// <param name="Size">The last number sealed.</param>
/// <param name="Root">The tree's root, 32 bytes.</param>
/// <param name="SealedAt">When that number was given.</param>
/// <param name="Note">The signed text, C2SP tlog-checkpoint.</param>
public sealed record SealedHead(long Size, byte[] Root, DateTimeOffset SealedAt, string Note);

/// <summary>What a command wrote, and the digest of its content.</summary>
public sealed record WrittenCommand(Guid AggregateId, int Version, byte[] Digest);

/// <summary>
/// Reads the service's own journal: in sealed order, or by aggregate. Nothing that is stored is believed: an entry that does not give its
/// hash, was sealed with another, or was written by somebody else, is not given out.
/// </summary>
public sealed class Journal(Database database, EntryMac mac)
{
    /// <summary>
    /// What <see cref="ReadRow"/> reads, for statements of others: <c>j</c> is the journal, <c>s</c> the seal, which may be missing.
    /// </summary>
    public const string Columns = "coalesce(s.sealed_no, 0), j.aggregate_id, j.version, j.hash, j.entry, j.trace_parent, s.leaf, j.mac";

    const int PageSize = 500;

    /// <summary>The newest signed head; null when nothing is sealed.</summary>
    public async Task<SealedHead?> NewestHead(CancellationToken ct) => (await database.Query(
        "SELECT size, root, sealed_at, note FROM checkpoints ORDER BY size DESC LIMIT 1", [],
        row => new SealedHead(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<DateTimeOffset>(2), row.GetString(3)), ct))
        .FirstOrDefault();

    /// <summary>
    /// The hashes that prove an entry to be in the tree over the first <paramref name="size"/> entries (RFC 6962, 2.1.1).
    /// </summary>
    /// <param name="sealedNo">Its number, from 1; at most <paramref name="size"/>.</param>
    /// <param name="size">At most as many as are sealed.</param>
    public Task<List<byte[]>> ProveInclusion(long sealedNo, long size, CancellationToken ct) =>
        database.InTransaction(tx => SealedTree.Prove(tx, MerkleTree.Inclusion(sealedNo - 1, size)), ct);

    /// <summary>The hashes that prove that the tree over more entries begins with that over fewer (RFC 6962, 2.1.2).</summary>
    /// <param name="older">From 0, with which every tree begins and nothing has to be proved.</param>
    /// <param name="newer">Not fewer, and at most as many as are sealed.</param>
    public Task<List<byte[]>> ProveConsistency(long older, long newer, CancellationToken ct) => older == 0
        ? Task.FromResult<List<byte[]>>([])
        : database.InTransaction(tx => SealedTree.Prove(tx, MerkleTree.Consistency(older, newer)), ct);

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
    /// <exception cref="Refusal">Damaged: an entry is not what was recorded.</exception>
    public async Task<List<SealedRow>> OfAggregate(Guid aggregateId, CancellationToken ct, int version = 0)
    {
        var rows = await database.Query(
            $"""
            SELECT {Columns} FROM journal j LEFT JOIN seal s USING (aggregate_id, version)
            WHERE j.aggregate_id = $1 AND $2 IN (0, j.version) ORDER BY j.version
            """,
            [aggregateId, version], ReadRow, ct);
        for (var i = 0; version == 0 && i < rows.Count; i++)
            if (rows[i].Version != i + 1)
                throw Damaged(rows[i], $"version {i + 1} is missing");
        return rows;
    }

    /// <summary>The first entries of aggregates, in the order in which they were recorded.</summary>
    /// <param name="aggregates">Whose; null for all.</param>
    /// <exception cref="Refusal">Damaged: an entry is not what was recorded.</exception>
    public Task<List<SealedRow>> FirstEntries(CancellationToken ct, Guid[]? aggregates = null) => database.Query(
        $"""
        SELECT {Columns} FROM journal j LEFT JOIN seal s USING (aggregate_id, version)
        WHERE j.version = 1 AND ($1 OR j.aggregate_id = ANY($2)) ORDER BY j.recorded_at
        """,
        [aggregates is null, aggregates ?? []], ReadRow, ct);

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

    /// <summary>Those of the entries that, as they are, are neither sealed nor wait for it; missing ones are left out.</summary>
    public async Task<List<(Guid AggregateId, int Version)>> Unordered(
        IReadOnlyList<(Guid AggregateId, int Version)> entries, CancellationToken ct) => entries.Count == 0 ? [] : await database.Query(
        """
        SELECT j.aggregate_id, j.version FROM journal j JOIN unnest($1, $2) AS e (aggregate_id, version) USING (aggregate_id, version)
        WHERE NOT EXISTS (SELECT FROM seal s WHERE s.aggregate_id = j.aggregate_id AND s.version = j.version AND s.leaf = j.hash)
          AND (j.aggregate_id, j.version, j.hash) NOT IN (SELECT aggregate_id, version, hash FROM unsealed)
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
    /// Streams the range as far as it is sealed, ends included, a page at a time so that no cursor stays open for a slow reader. Entries
    /// without the service's code are given out too: who reads here holds them against the signed tree, and says which is wrong.
    /// </summary>
    public async IAsyncEnumerable<SealedRow> Read(long from, long to, bool withEntries, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var next = from; next <= to; next += PageSize)
        {
            var page = await database.Query(
                """
                SELECT s.sealed_no, s.aggregate_id, s.version, j.hash, CASE WHEN $3 THEN j.entry END, j.trace_parent, s.leaf, NULL
                FROM seal s JOIN journal j USING (aggregate_id, version)
                WHERE s.sealed_no BETWEEN $1 AND $2 ORDER BY s.sealed_no
                """,
                [next, Math.Min(to, next + PageSize - 1), withEntries], ReadRow, ct);
            for (var i = 0; i < page.Count; i++)
                yield return page[i].SealedNo == next + i ? page[i] : throw Damaged(page[i], $"number {next + i} is missing before it");
            // Numbers have no gaps: a page that is not full is the last.
            if (page.Count < PageSize)
                yield break;
        }
    }

    /// <summary>Reads the first columns of a row, which are <see cref="Columns"/>.</summary>
    /// <exception cref="Refusal">Damaged: the entry is not what was recorded.</exception>
    public SealedRow ReadRow(NpgsqlDataReader reader)
    {
        var row = new SealedRow(reader.GetInt64(0), reader.GetGuid(1), reader.GetInt32(2), reader.GetFieldValue<byte[]>(3),
            reader.IsDBNull(4) ? [] : reader.GetFieldValue<byte[]>(4), reader.IsDBNull(5) ? null : reader.GetString(5));
        if (!reader.IsDBNull(4) && !EntryBytes.HashOf(row.Entry).AsSpan().SequenceEqual(row.EntryHash))
            throw Damaged(row, "its bytes do not give its hash");
        if (!reader.IsDBNull(6) && !reader.GetFieldValue<byte[]>(6).AsSpan().SequenceEqual(row.EntryHash))
            throw Damaged(row, "it was sealed with another hash");
        if (!reader.IsDBNull(7) && !mac.Matches(row.AggregateId, row.Version, row.EntryHash, reader.GetFieldValue<byte[]>(7)))
            throw Damaged(row, "this service did not write it");
        return row;
    }

    /// <summary>An entry is not what was recorded.</summary>
    /// <param name="what">How that shows, as the end of a sentence.</param>
    public static Refusal Damaged(SealedRow row, string what) => new(RefusalKind.Damaged, "JOURNAL_DAMAGED",
        $"{(row.SealedNo > 0 ? $"Entry {row.SealedNo}" : "An entry that is not sealed yet")} of the journal, version {row.Version} of "
        + $"{row.AggregateId}, is not what was recorded: {what}. Somebody changed the database; an operator compares it with a backup.");
}
