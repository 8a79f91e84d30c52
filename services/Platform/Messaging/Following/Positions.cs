using Npgsql;
using NpgsqlTypes;

namespace Exchange.Platform;

/// <summary>
/// How far journals were consumed (table <c>positions</c>): those of other services, and the own one where something is made of it.
/// </summary>
public sealed class Positions(Database database)
{
    /// <summary>The number of the last entry consumed; 0 at first.</summary>
    public async Task<long> Of(string source, CancellationToken ct) => (await database.Query(
        "SELECT sealed_no FROM positions WHERE source = $1", [source], row => row.GetInt64(0), ct)).FirstOrDefault();

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

    /// <summary>The right edge of the Merkle tree over all that was consumed; that of the empty tree at first.</summary>
    /// <exception cref="InvalidDataException">What is stored is none.</exception>
    public async Task<MerkleFrontier> Edge(string source, CancellationToken ct) => (await database.Query(
        "SELECT sealed_no, frontier FROM positions WHERE source = $1", [source],
        row => MerkleFrontier.Parse(row.GetInt64(0), row.IsDBNull(1) ? [] : row.GetFieldValue<byte[]>(1)), ct)).FirstOrDefault() ?? new();

    /// <summary>Moves the position on, never back.</summary>
    /// <param name="edge">Of the tree over what was read up to there; null for the own journal, which need not be recognised.</param>
    public Task Advance(string source, long sealedNo, MerkleFrontier? edge, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions AS p (source, sealed_no, frontier) VALUES ($1, $2, $3)
        ON CONFLICT (source) DO UPDATE SET sealed_no = excluded.sealed_no, frontier = excluded.frontier
        WHERE p.sealed_no < excluded.sealed_no
        """,
        [
            source, sealedNo,
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bytea, Value = (object?)edge?.ToBytes() ?? DBNull.Value },
        ], ct);

    /// <summary>From now on what was recorded before this instant is consumed from the journal alone, and no longer by event.</summary>
    public Task OldUntil(string source, DateTimeOffset instant, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions AS p (source, sealed_no, old_until) VALUES ($1, 0, $2)
        ON CONFLICT (source) DO UPDATE SET old_until = greatest(p.old_until, excluded.old_until)
        """, [source, instant], ct);

    /// <summary>Sets the position, further back if need be: what was read of a journal that went back no longer counts.</summary>
    /// <param name="edge">Of the tree over what counts as consumed from now on.</param>
    public Task Reset(string source, MerkleFrontier edge, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions AS p (source, sealed_no, frontier) VALUES ($1, $2, $3)
        ON CONFLICT (source) DO UPDATE SET sealed_no = excluded.sealed_no, frontier = excluded.frontier
        """, [source, edge.Size, edge.ToBytes()], ct);
}
