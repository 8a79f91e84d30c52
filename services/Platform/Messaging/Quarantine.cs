using System.Security.Cryptography;
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
/// Tries dead letters one at a time, in a process of its own and through the same intake as the service. A message that kills
/// its process takes its prefetched neighbours along to the dead letters; here the neighbours are taken in, and the killer
/// is parked by the next process, which finds the mark of the one that died. A message is acknowledged once it is durable
/// or parked, so nothing is lost when this process dies, at any moment. One per database at a time; others wait. While the
/// database is that of a copy nothing is fetched: what would wait there for the ledger to open, with the mark of its trial, would
/// be taken for a killer should this process end.
/// </summary>
sealed partial class Quarantine(
    Database database, History history, IEnumerable<Reentry> endpoints, Parking parking, IConfiguration configuration, IOptions<BusOptions> options, TimeProvider time,
    ILogger<Quarantine> log) : BackgroundService, IHealthCheck
{
    const string Argument = "quarantine";

    /// <summary>It died often enough before it came here.</summary>
    const int DeadlyAfter = 1;

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    volatile string? trouble = "not connected to the broker yet";

    public static bool IsAsked(string[] args) => args.Contains(Argument);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(trouble is { } why ? HealthCheckResult.Unhealthy(why) : HealthCheckResult.Healthy());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var turn = await SoleSession.Take(database, Argument, stoppingToken);
                if (turn is null)
                    trouble = null; // Another process is at it.
                else
                    await TryAll(turn, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                trouble = "the broker or the database is away";
                Away(e);
            }
            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    async Task TryAll(SoleSession turn, CancellationToken stop)
    {
        var factory = new ConnectionFactory { Uri = new(configuration.GetConnectionString("Broker")!), AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync("quarantine", stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        // As the service declares it, for it may not have run yet.
        foreach (var endpoint in endpoints)
            await channel.QueueDeclareAsync(QueueOf(endpoint), true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: stop);
        trouble = null;
        for (var waited = false; ; waited = history.Closed)
        {
            if (history.Closed)
            {
                if (!waited)
                    Closed();
                await Task.Delay(Pause, time, stop);
                continue;
            }
            var found = false;
            foreach (var endpoint in endpoints)
            {
                // Before a message is fetched: what goes back to the queue again and again is dropped by newer brokers.
                await turn.Confirm(stop);
                if (await channel.BasicGetAsync(QueueOf(endpoint), autoAck: false, stop) is not { } letter)
                    continue;
                found = true;
                await Try(endpoint, letter, stop);
                await channel.BasicAckAsync(letter.DeliveryTag, multiple: false, stop);
            }
            if (!found)
                await Task.Delay(Pause, time, stop);
        }
    }

    async Task Try(Reentry endpoint, BasicGetResult letter, CancellationToken stop)
    {
        var body = letter.Body.ToArray();
        using var work = BackgroundWork.Begin("try dead letter").Caused([TraceParentOf(letter)]);
        var id = Guid.TryParse(letter.BasicProperties.MessageId, out var known) ? known : new Guid(SHA256.HashData(body).AsSpan(0, 16));
        try
        {
            if (await endpoint.TakeIn(id, body, DeadlyAfter, stop) is null)
                TakenIn(id, endpoint.Type);
        }
        catch (JsonException cause)
        {
            await parking.Park(id, endpoint.Type, body, cause, stop);
            NoMessage(cause, id, endpoint.Endpoint);
        }
    }

    // MassTransit sends the context of the publishing span along under a name of its own.
    static string? TraceParentOf(BasicGetResult letter) =>
        letter.BasicProperties.Headers?.TryGetValue("MT-Activity-Id", out var value) is true && value is byte[] text ? Encoding.UTF8.GetString(text) : null;

    string QueueOf(Reentry endpoint) => $"{options.Value.Prefix}{endpoint.Endpoint}-dead";

    [LoggerMessage(1084, LogLevel.Warning, "The quarantine waits: broker or database is away")]
    partial void Away(Exception e);

    [LoggerMessage(1083, LogLevel.Warning, "Dead letters wait: the database was restored from a copy and is not yet compared with the other services")]
    partial void Closed();

    [LoggerMessage(1085, LogLevel.Information, "Dead letter {Id} of type {Type} was taken in")]
    partial void TakenIn(Guid id, string type);

    [LoggerMessage(1086, LogLevel.Error, "Dead letter {Id} of {Endpoint} is no message and was parked")]
    partial void NoMessage(Exception e, Guid id, string endpoint);
}

static class QuarantineHosting
{
    /// <summary>Leaves of everything that runs in a service only what the taking in of a message needs.</summary>
    public static void KeepQuarantine(this IServiceCollection services)
    {
        services.RemoveOtherHostedServices();
        services.DropReadinessOfTheService();
        services.AddSingleton<Quarantine>().AddSingleton<IHostedService>(sp => sp.GetRequiredService<Quarantine>());
    }
}
