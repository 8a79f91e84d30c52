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

    internal Task Advance(string source, long sealedNo, CancellationToken ct) => database.Execute(
        """
        INSERT INTO positions AS p (source, sealed_no) VALUES ($1, $2)
        ON CONFLICT (source) DO UPDATE SET sealed_no = excluded.sealed_no WHERE p.sealed_no < excluded.sealed_no
        """, [source, sealedNo], ct);
}

/// <summary>
/// Reads the journal behind the events: what an event brought already changes nothing, what was lost is healed, and the
/// position says what the figures stand on. The same way serves a rebuild, from position 0. Entries go through the
/// <see cref="Intake{T}"/> like messages: a bad one is parked and does not bar the way to what follows.
/// </summary>
public sealed partial class JournalFollower<T>(
    IFollowed<T> journal, Intake<T> intake, Positions positions, IOptions<FollowOptions> options, TimeProvider time,
    ILogger<JournalFollower<T>> log) : BackgroundService
    where T : class
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CatchUp(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Behind(e, journal.Name);
            }
            await Task.Delay(options.Value.Interval, time, stoppingToken);
        }
    }

    async Task CatchUp(CancellationToken stop)
    {
        var position = await positions.Of(journal.Name, stop);
        var head = await journal.Head(stop);
        if (head <= position)
            return;
        List<Delivery<T>> batch = [];
        var last = position;
        await foreach (var (sealedNo, message) in journal.Read(position + 1, head, stop))
        {
            if (message is not null)
                batch.Add(Delivery(sealedNo, message));
            last = sealedNo;
            if (batch.Count >= options.Value.BatchSize)
                await TakeIn(batch, last, stop);
        }
        await TakeIn(batch, last, stop);
    }

    async Task TakeIn(List<Delivery<T>> batch, long last, CancellationToken stop)
    {
        await intake.TakeIn(batch, stop);
        batch.Clear();
        await positions.Advance(journal.Name, last, stop);
    }

    /// <summary>Should it be parked, its place in the journal is all that is needed to read it again.</summary>
    Delivery<T> Delivery(long sealedNo, T message)
    {
        var place = Encoding.UTF8.GetBytes($"{journal.Name} {sealedNo}");
        return new(message, new(SHA256.HashData(place).AsSpan(0, 16)), place, default);
    }

    [LoggerMessage(1060, LogLevel.Warning, "Following the journal of {Source} is behind; trying again")]
    partial void Behind(Exception e, string source);
}
