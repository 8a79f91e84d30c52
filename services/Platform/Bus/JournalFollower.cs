using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>The journal of another service, as far as this one takes it in.</summary>
public interface IFollowed<T>
    where T : class
{
    /// <summary>Whose journal it is.</summary>
    string Name { get; }

    /// <summary>Last number sealed.</summary>
    Task<long> Head(CancellationToken ct);

    /// <summary>The range in order, ends included; null for an entry that says nothing to this service.</summary>
    IAsyncEnumerable<(long SealedNo, T? Message)> Read(long from, long to, CancellationToken ct);
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
    public async Task<long> Of(string source, CancellationToken ct) =>
        (await database.Query("SELECT sealed_no FROM positions WHERE source = $1", [source], row => row.GetInt64(0), ct)).FirstOrDefault();

    /// <summary>Says that the range is about to be taken in.</summary>
    internal Task Begin(string source, long from, long to, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions (source, sealed_no, reading_from, reading_to) VALUES ($1, 0, $2, $3)
        ON CONFLICT (source) DO UPDATE SET reading_from = excluded.reading_from, reading_to = excluded.reading_to
        """, [source, from, to], ct);

    /// <summary>Until where a range reaches that somebody began at this position and did not end; 0 where nobody did.</summary>
    internal async Task<long> LeftUnfinished(string source, CancellationToken ct) => (await database.Query(
        "SELECT reading_to FROM positions WHERE source = $1 AND reading_from = sealed_no + 1", [source], row => row.GetInt64(0), ct)).FirstOrDefault();

    internal Task Advance(string source, long sealedNo, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions AS p (source, sealed_no) VALUES ($1, $2)
        ON CONFLICT (source) DO UPDATE SET sealed_no = excluded.sealed_no WHERE p.sealed_no < excluded.sealed_no
        """, [source, sealedNo], ct);
}

/// <summary>
/// Reads the journal behind the events: what an event brought already changes nothing, what was lost is healed, and the
/// position says what the figures stand on. The same way serves a rebuild, from position 0. Entries go through the
/// <see cref="Intake{T}"/> like messages: a bad one is parked and does not bar the way to what follows, also one that
/// kills the process. One process per database follows, so what it finds unfinished was left by a death.
/// </summary>
public sealed partial class JournalFollower<T>(
    IFollowed<T> journal, Intake<T> intake, Positions positions, Database database, PlatformGauges gauges, IOptions<FollowOptions> options,
    TimeProvider time, ILogger<JournalFollower<T>> log) : BackgroundService
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
                await using var turn = await Turn.Try(database, $"follow {journal.Name}", stoppingToken);
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

    async Task Follow(Turn turn, CancellationToken stop)
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
        var position = await positions.Of(journal.Name, stop);
        var head = await journal.Head(stop);
        gauges.Behind(journal.Name, Math.Max(0, head - position));
        if (head <= position)
            return;
        List<Delivery<T>> batch = [];
        var read = position;
        await foreach (var (sealedNo, message) in journal.Read(position + 1, head, stop))
        {
            read = sealedNo;
            if (message is not null)
                batch.Add(DeliveryOf(sealedNo, message, sealedNo <= suspectedTo ? DeadlyAfter : null));
            if (batch.Count >= options.Value.BatchSize || sealedNo <= suspectedTo)
                position = await TakeIn(batch, position + 1, read, suspectedTo, stop);
        }
        if (read > position)
            position = await TakeIn(batch, position + 1, read, suspectedTo, stop);
        gauges.Behind(journal.Name, head - position);
    }

    async Task<long> TakeIn(List<Delivery<T>> batch, long from, long to, long suspectedTo, CancellationToken stop)
    {
        // What is suspected stays so until it is past.
        await positions.Begin(journal.Name, from, Math.Max(to, suspectedTo), stop);
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
        await positions.Advance(journal.Name, to, stop);
        return to;
    }

    /// <summary>Should it be parked, its place in the journal is all that is needed to read it again.</summary>
    Delivery<T> DeliveryOf(long sealedNo, T message, int? deadlyAfter)
    {
        var place = Encoding.UTF8.GetBytes($"{journal.Name} {sealedNo}");
        return new(message, new(SHA256.HashData(place).AsSpan(0, 16)), place, default) { DeadlyAfter = deadlyAfter };
    }

    [LoggerMessage(1060, LogLevel.Warning, "Following the journal of {Source} is behind; trying again")]
    partial void Behind(Exception e, string source);
}
