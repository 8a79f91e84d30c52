using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Platform;

/// <summary>Composes and signs a checkpoint: the service's own format over number, seal hash and time.</summary>
public delegate byte[] ComposeCheckpoint(long sealedNo, byte[] sealHash, DateTimeOffset sealedAt);

/// <summary>
/// Gives committed entries a gapless number, chains them and signs checkpoints. One per database, by an advisory lock on
/// the very connection that writes; a late commit simply gets a later number.
/// </summary>
sealed partial class Sealer(
    Database database, AppendedSignal signal, SealedSignal done, ComposeCheckpoint compose, IOptions<LedgerOptions> options,
    TimeProvider time, ILogger<Sealer> log) : PeriodicWorker(time, options.Value.SealInterval, signal)
{
    const long Lock = 0x45584348_5345414C; // "EXCHSEAL"

    /// <summary>Where the chain begins.</summary>
    static readonly byte[] Origin = new byte[SHA256.HashSizeInBytes];

    AdvisoryLock? sole;

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
            DELETE FROM unsealed WHERE seq IN (SELECT seq FROM unsealed ORDER BY seq LIMIT $1)
            RETURNING seq, aggregate_id, version, hash
            """,
            [options.Value.SealSize],
            row => (Seq: row.GetInt64(0), Aggregate: row.GetGuid(1), Version: row.GetInt32(2), Hash: row.GetFieldValue<byte[]>(3)));
        if (entries.Count == 0)
            return 0;

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
        var last = (await session.Query("SELECT sealed_no, seal_hash FROM seal ORDER BY sealed_no DESC LIMIT 1", [],
            row => (No: row.GetInt64(0), Hash: row.GetFieldValue<byte[]>(1)))).DefaultIfEmpty((0, Origin)).First();
        var numbers = new long[entries.Count];
        var hashes = new byte[entries.Count][];
        for (var i = 0; i < entries.Count; i++)
        {
            numbers[i] = last.No + i + 1;
            hashes[i] = Chain(i == 0 ? last.Hash : hashes[i - 1], numbers[i], entries[i].Hash);
        }
        await session.Execute(
            "INSERT INTO seal (sealed_no, aggregate_id, version, seal_hash) SELECT * FROM unnest($1, $2, $3, $4)",
            [numbers, entries.Select(e => e.Aggregate).ToArray(), entries.Select(e => e.Version).ToArray(),
                new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea, Value = hashes }]);
        var sealedAt = Time.GetUtcNow();
        await session.Execute("INSERT INTO checkpoints (sealed_no, sealed_at, body) VALUES ($1, $2, $3)",
            [numbers[^1], sealedAt, compose(numbers[^1], hashes[^1], sealedAt)]);
        await transaction.CommitAsync(stop);
        done.WakeUp();
        return entries.Count;
    }

    /// <summary>SHA-256 of the seal hash before, the number as 8 bytes big endian, and the entry's hash.</summary>
    internal static byte[] Chain(byte[] before, long sealedNo, byte[] entryHash)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, sealedNo);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(before);
        sha256.AppendData(number);
        sha256.AppendData(entryHash);
        return sha256.GetHashAndReset();
    }

    [LoggerMessage(1030, LogLevel.Error, "Entries of the journal could not be sealed; they wait, trying again")]
    partial void Stalled(Exception e);
}
