using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Exchange.Platform;

/// <summary>
/// Tries dead letters one at a time, in a process of its own and through the same consumer as the service's. A message that kills
/// its process takes its prefetched neighbours along to the dead letters; here the neighbours are consumed, and the killer
/// is parked by the next process, which finds the mark of the one that died. A message is acknowledged once it is durable
/// or parked, so nothing is lost when this process dies, at any moment. One per database at a time; others wait. While the
/// database is that of a copy nothing is fetched: what would wait there for the ledger to open, with the mark of its trial, would
/// be taken for a killer should this process end.
/// </summary>
sealed partial class Quarantine(
    Database database, DatabaseHistory history, IEnumerable<MessageReplay> replays, ParkedMessageStore parked, IConfiguration configuration,
    IOptions<BusOptions> options, TimeProvider time, ILogger<Quarantine> log) : PeriodicWorker(time, Pause), IHealthCheck
{
    const string Argument = "quarantine";

    /// <summary>
    /// One death here is enough: the message killed its process until the delivery limit was reached before it came here.
    /// </summary>
    const int DeadlyAfter = 1;

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    volatile string? trouble = "not connected to the broker yet";
    AdvisoryLock? sole;
    IConnection? connection;
    IChannel? channel;
    bool toldToWait;

    public static bool IsAsked(string[] args) => args.Contains(Argument);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(trouble is { } why ? HealthCheckResult.Unhealthy(why) : HealthCheckResult.Healthy());

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        sole ??= await AdvisoryLock.TryAcquire(database, Argument, stop);
        if (sole is not null)
            channel ??= await Connect(stop);
        trouble = null;
        // Without the lock another process is at it.
        return sole is not null && channel is not null && IsOpen() && await TryEach(sole, channel, stop) ? TimeSpan.Zero : Pause;
    }

    protected override void Failed(Exception e)
    {
        trouble = "the broker or the database is unavailable";
        Unavailable(e);
    }

    protected override async ValueTask Release()
    {
        await using var lost = sole;
        await using var closing = connection;
        await using var left = channel;
        (sole, connection, channel) = (null, null, null);
    }

    async Task<IChannel> Connect(CancellationToken stop)
    {
        connection = await BrokerConnection.Open(configuration, Argument, stop);
        var opened = await connection.CreateChannelAsync(cancellationToken: stop);
        // As the service declares it, for it may not have run yet.
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        foreach (var replay in replays)
            await opened.QueueDeclareAsync(QueueOf(replay), true, false, false, arguments, cancellationToken: stop);
        return opened;
    }

    bool IsOpen()
    {
        if (history.Closed && !toldToWait)
            Closed();
        toldToWait = history.Closed;
        return !history.Closed;
    }

    /// <summary>Tries one dead letter of each queue.</summary>
    /// <returns>Whether there was one.</returns>
    async Task<bool> TryEach(AdvisoryLock held, IChannel broker, CancellationToken stop)
    {
        var found = false;
        foreach (var replay in replays)
        {
            // Before a message is fetched: what goes back to the queue again and again is dropped by newer brokers.
            await held.EnsureHeld(stop);
            if (await broker.BasicGetAsync(QueueOf(replay), autoAck: false, stop) is not { } letter)
                continue;
            found = true;
            await Try(replay, letter, stop);
            await broker.BasicAckAsync(letter.DeliveryTag, multiple: false, stop);
        }
        return found;
    }

    async Task Try(MessageReplay replay, BasicGetResult letter, CancellationToken stop)
    {
        var body = letter.Body.ToArray();
        using var work = BackgroundWork.Begin("try dead letter").LinkTo([TraceParentOf(letter)]);
        var id = ParkedMessageStore.IdOf(body);
        try
        {
            if (await replay.Replay(id, body, DeadlyAfter, stop) is null)
                Consumed(id, replay.Type);
        }
        catch (JsonException cause)
        {
            await parked.Park(id, replay.Type, body, cause, stop);
            NoMessage(cause, id, replay.Endpoint);
        }
    }

    // MassTransit sends the context of the publishing span along under a name of its own.
    static string? TraceParentOf(BasicGetResult letter) =>
        letter.BasicProperties.Headers?.TryGetValue("MT-Activity-Id", out var value) is true && value is byte[] text
            ? Encoding.UTF8.GetString(text) : null;

    string QueueOf(MessageReplay replay) => $"{options.Value.Prefix}{replay.Endpoint}-dead";

    [LoggerMessage(1084, LogLevel.Warning, "Dead letters wait: the broker or the database is unavailable")]
    partial void Unavailable(Exception e);

    [LoggerMessage(1083, LogLevel.Warning,
        "Dead letters wait: the database was restored from a copy and is not yet compared with the other services")]
    partial void Closed();

    [LoggerMessage(1085, LogLevel.Information, "Dead letter {Id} of type {Type} was consumed")]
    partial void Consumed(Guid id, string type);

    [LoggerMessage(1086, LogLevel.Error, "Dead letter {Id} of {Endpoint} is no message and was parked")]
    partial void NoMessage(Exception e, Guid id, string endpoint);
}

static class QuarantineHosting
{
    /// <summary>Makes the process a quarantine: of the service it runs only what consuming a message needs.</summary>
    public static void KeepQuarantine(this IServiceCollection services)
    {
        services.RemoveOtherHostedServices();
        services.DropReadinessOfTheService();
        services.AddSingleton<Quarantine>().AddSingleton<IHostedService>(sp => sp.GetRequiredService<Quarantine>());
    }
}
