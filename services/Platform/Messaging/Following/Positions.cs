using Npgsql;
using NpgsqlTypes;

namespace Exchange.Platform;

/// <summary>
/// How far journals were consumed (table <c>positions</c>): those of other services, and the own one where something is made of it.
/// </summary>
public sealed class Positions(Database database)
{
    /// <summary>The number of the last entry consumed; 0 at first.</summary>
    public async Task<long> Of(string source, CancellationToken ct) => (await Read(source, ct)).SealedNo;

    /// <summary>Notes that the range is about to be consumed.</summary>
    internal Task Begin(string source, long from, long to, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions (source, sealed_no, reading_from, reading_to) VALUES ($1, 0, $2, $3)
        ON CONFLICT (source) DO UPDATE SET reading_from = excluded.reading_from, reading_to = excluded.reading_to
        """, [source, from, to], ct);

    /// <summary>The last number of a range that was begun at the present position and not ended; 0 where there is none.</summary>
    internal async Task<long> LeftUnfinished(string source, CancellationToken ct) => (await database.Query(
        "SELECT reading_to FROM positions WHERE source = $1 AND reading_from = sealed_no + 1", [source], row => row.GetInt64(0), ct))
        .FirstOrDefault();

    /// <summary>The number of the last entry consumed, and the seal that was read there; null where none was read.</summary>
    public async Task<(long SealedNo, byte[]? SealHash)> Read(string source, CancellationToken ct) => (await database.Query(
        "SELECT sealed_no, seal_hash FROM positions WHERE source = $1", [source],
        row => (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)), ct)).FirstOrDefault();

    /// <summary>Moves the position on, never back.</summary>
    /// <param name="sealHash">The seal that was read there; null for the own journal, which need not be recognised.</param>
    public Task Advance(string source, long sealedNo, byte[]? sealHash, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions AS p (source, sealed_no, seal_hash) VALUES ($1, $2, $3)
        ON CONFLICT (source) DO UPDATE SET sealed_no = excluded.sealed_no, seal_hash = excluded.seal_hash
        WHERE p.sealed_no < excluded.sealed_no OR (p.sealed_no = excluded.sealed_no AND p.seal_hash IS NULL)
        """, [source, sealedNo, new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bytea, Value = (object?)sealHash ?? DBNull.Value }], ct);

    /// <summary>From now on what was recorded before this instant is consumed from the journal alone, and no longer by event.</summary>
    public Task OldUntil(string source, DateTimeOffset instant, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions AS p (source, sealed_no, old_until) VALUES ($1, 0, $2)
        ON CONFLICT (source) DO UPDATE SET old_until = greatest(p.old_until, excluded.old_until)
        """, [source, instant], ct);

    /// <summary>Sets the position, further back if need be: what was read of a journal that went back no longer counts.</summary>
    public Task Reset(string source, long sealedNo, byte[] sealHash, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions AS p (source, sealed_no, seal_hash) VALUES ($1, $2, $3)
        ON CONFLICT (source) DO UPDATE SET sealed_no = excluded.sealed_no, seal_hash = excluded.seal_hash
        """, [source, sealedNo, sealHash], ct);
}
