using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Platform;

/// <summary>The journal of another service, as far as this one takes it in.</summary>
public interface IFollowed<T>
    where T : class
{
    /// <summary>Whose journal it is.</summary>
    string Name { get; }

    /// <summary>Last number sealed, and the seal up to there.</summary>
    Task<(long SealedNo, byte[] SealHash)> Head(CancellationToken ct);

    /// <summary>
    /// The range in order, ends included, each with the trace of the call that wrote it; no message for an entry that says nothing to
    /// this service.
    /// </summary>
    IAsyncEnumerable<(long SealedNo, byte[] SealHash, T? Message, string? TraceParent)> Read(long from, long to, CancellationToken ct);
}

/// <summary>Section <c>Follow</c>.</summary>
public sealed class FollowOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Follow";

    /// <summary>How often the other journal's head is asked for; bounds how long a lost event stays unnoticed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries taken in by one transaction, at most.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; init; } = 500;
}

/// <summary>How far another service's journal has been taken in.</summary>
public sealed class Positions(Database database)
{
    /// <summary>Everything up to this number has been taken in; 0 at first.</summary>
    public async Task<long> Of(string source, CancellationToken ct) => (await Read(source, ct)).SealedNo;

    /// <summary>Says that the range is about to be taken in.</summary>
    internal Task Begin(string source, long from, long to, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions (source, sealed_no, reading_from, reading_to) VALUES ($1, 0, $2, $3)
        ON CONFLICT (source) DO UPDATE SET reading_from = excluded.reading_from, reading_to = excluded.reading_to
        """, [source, from, to], ct);

    /// <summary>Until where a range reaches that somebody began at this position and did not end; 0 where nobody did.</summary>
    internal async Task<long> LeftUnfinished(string source, CancellationToken ct) => (await database.Query(
        "SELECT reading_to FROM positions WHERE source = $1 AND reading_from = sealed_no + 1", [source], row => row.GetInt64(0), ct)).FirstOrDefault();

    /// <summary>The same with the seal that was read there; null where it was not.</summary>
    internal async Task<(long SealedNo, byte[]? SealHash)> Read(string source, CancellationToken ct) => (await database.Query(
        "SELECT sealed_no, seal_hash FROM positions WHERE source = $1", [source],
        row => (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)), ct)).FirstOrDefault();

    internal Task Advance(string source, long sealedNo, byte[]? sealHash, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions AS p (source, sealed_no, seal_hash) VALUES ($1, $2, $3)
        ON CONFLICT (source) DO UPDATE SET sealed_no = excluded.sealed_no, seal_hash = excluded.seal_hash
        WHERE p.sealed_no < excluded.sealed_no OR (p.sealed_no = excluded.sealed_no AND p.seal_hash IS NULL)
        """, [source, sealedNo, new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bytea, Value = (object?)sealHash ?? DBNull.Value }], ct);

    /// <summary>What was recorded before this instant comes by the journal alone from now on.</summary>
    public Task OldUntil(string source, DateTimeOffset instant, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions AS p (source, sealed_no, old_until) VALUES ($1, 0, $2)
        ON CONFLICT (source) DO UPDATE SET old_until = greatest(p.old_until, excluded.old_until)
        """, [source, instant], ct);

    /// <summary>Goes on from there, further back if need be: what was read of a journal that went back no longer counts.</summary>
    public Task Reset(string source, long sealedNo, byte[] sealHash, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions AS p (source, sealed_no, seal_hash) VALUES ($1, $2, $3)
        ON CONFLICT (source) DO UPDATE SET sealed_no = excluded.sealed_no, seal_hash = excluded.seal_hash
        """, [source, sealedNo, sealHash], ct);
}

/// <summary>
/// Reads the journal behind the events: what an event brought already changes nothing, what was lost is healed, and the
/// position says what the figures stand on. Entries go through the <see cref="Intake{T}"/> like messages: a bad one is
/// parked and does not bar the way to what follows, also one that kills the process. At each look the seal at the position
/// is compared with the one read there: a journal restored from an older copy is noticed, recorded, and followed no further
/// until an operator says so. One process per database follows, so what it finds unfinished was left by a death.
/// </summary>
public sealed partial class JournalFollower<T>(
    IFollowed<T> journal, Intake<T> intake, Positions positions, History history, Database database, PlatformGauges gauges,
    IOptions<FollowOptions> options, TimeProvider time, ILogger<JournalFollower<T>> log) : BackgroundService
    where T : class
{
    /// <summary>More than one, for a process may also be killed from outside while it tries an innocent entry.</summary>
    const int DeadlyAfter = 3;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var turn = await SoleSession.Take(database, $"follow {journal.Name}", stoppingToken);
                if (turn is not null)
                    await Follow(turn, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Behind(e, journal.Name);
            }
            await Task.Delay(options.Value.Interval, time, stoppingToken);
        }
    }

    async Task Follow(SoleSession turn, CancellationToken stop)
    {
        var suspectedTo = await positions.LeftUnfinished(journal.Name, stop);
        while (true)
        {
            await turn.Confirm(stop);
            await CatchUp(suspectedTo, stop);
            await Task.Delay(options.Value.Interval, time, stop);
        }
    }

    async Task CatchUp(long suspectedTo, CancellationToken stop)
    {
        var position = await positions.Read(journal.Name, stop);
        var head = await journal.Head(stop);
        gauges.Behind(journal.Name, Math.Max(0, head.SealedNo - position.SealedNo));
        if (head.SealedNo < position.SealedNo || (head.SealedNo == position.SealedNo && Differs(head, position)))
        {
            await history.Retreat(journal.Name, position, head.SealedNo, stop);
            return;
        }
        if (head.SealedNo > position.SealedNo && !await ReadOn(position, head.SealedNo, suspectedTo, stop))
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

    /// <summary>From the position itself on: what stands there must be what was read there, or nothing is taken in.</summary>
    async Task<bool> ReadOn((long SealedNo, byte[]? SealHash) position, long head, long suspectedTo, CancellationToken stop)
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
                work.Caused([traceParent]);
                batch.Add(DeliveryOf(sealedNo, message, sealedNo <= suspectedTo ? DeadlyAfter : null));
            }
            if (sealedNo > taken.SealedNo && (batch.Count >= options.Value.BatchSize || sealedNo <= suspectedTo))
                taken = await TakeIn(batch, taken.SealedNo + 1, read, suspectedTo, stop);
        }
        if (read.SealedNo > taken.SealedNo)
            taken = await TakeIn(batch, taken.SealedNo + 1, read, suspectedTo, stop);
        gauges.Behind(journal.Name, head - taken.SealedNo);
        return true;
    }

    static bool Differs((long SealedNo, byte[] SealHash) found, (long SealedNo, byte[]? SealHash) read) =>
        found.SealedNo == read.SealedNo && read is { SealedNo: > 0, SealHash: { } known } && !known.AsSpan().SequenceEqual(found.SealHash);

    async Task<(long SealedNo, byte[]? SealHash)> TakeIn(
        List<Delivery<T>> batch, long from, (long SealedNo, byte[]? SealHash) to, long suspectedTo, CancellationToken stop)
    {
        // What is suspected stays so until it is past.
        await positions.Begin(journal.Name, from, Math.Max(to.SealedNo, suspectedTo), stop);
        try
        {
            await intake.TakeIn(batch, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            using var patience = new CancellationTokenSource(Patience, time);
            await positions.Begin(journal.Name, 0, 0, patience.Token); // An orderly end leaves nothing suspected.
            throw;
        }
        batch.Clear();
        await positions.Advance(journal.Name, to.SealedNo, to.SealHash, stop);
        return to;
    }

    /// <summary>Should it be parked, its place in the journal is all that is needed to read it again.</summary>
    Delivery<T> DeliveryOf(long sealedNo, T message, int? deadlyAfter)
    {
        var place = Encoding.UTF8.GetBytes($"{journal.Name} {sealedNo}");
        return new(message, new(SHA256.HashData(place).AsSpan(0, 16)), place, Activity.Current?.Context ?? default) { DeadlyAfter = deadlyAfter };
    }

    [LoggerMessage(1060, LogLevel.Warning, "Following the journal of {Source} is behind; trying again")]
    partial void Behind(Exception e, string source);
}
