using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Exchange.Platform;

/// <summary>
/// Asks the broker itself, over a connection of its own, whether each endpoint of this service has a consumer there: a
/// connection may look well from this side and nobody take in anything. One that has none for several looks makes the
/// process unhealthy, so that its orchestrator starts it again. While the broker is away nobody can say, and nothing is
/// unhealthy. Several replicas share an endpoint, and one consumer is enough for it.
/// </summary>
sealed partial class LiveConsumers(
    IEnumerable<Reentry> endpoints, PlatformGauges gauges, IConfiguration configuration, IOptions<BusOptions> options, TimeProvider time,
    ILogger<LiveConsumers> log) : BackgroundService, IHealthCheck
{
    /// <summary>A consumer that was cut off comes back by itself well within so many looks.</summary>
    const int LooksWithoutConsumer = 6;

    readonly ConcurrentDictionary<string, int> without = [];

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var missing = without.Where(endpoint => endpoint.Value >= LooksWithoutConsumer).Select(endpoint => endpoint.Key).Order().ToList();
        return Task.FromResult(missing.Count == 0 ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"nobody takes in {string.Join(", ", missing)}"));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookWhileConnected(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                without.Clear();
                Away(e);
            }
            await Task.Delay(options.Value.LookInterval, time, stoppingToken);
        }
    }

    async Task LookWhileConnected(CancellationToken stop)
    {
        var factory = new ConnectionFactory { Uri = new(configuration.GetConnectionString("Broker")!), AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync("liveness", stop);
        while (true)
        {
            foreach (var endpoint in endpoints)
            {
                var queue = options.Value.Prefix + endpoint.Endpoint;
                var consumers = await Look(connection, queue, stop) is { } there ? there.ConsumerCount : 0;
                if (without.AddOrUpdate(endpoint.Endpoint, consumers == 0 ? 1 : 0, (_, before) => consumers == 0 ? before + 1 : 0) == LooksWithoutConsumer)
                    Missing(endpoint.Endpoint);
                gauges.DeadLetters(endpoint.Endpoint, (await Look(connection, queue + "-dead", stop))?.MessageCount ?? 0);
            }
            await Task.Delay(options.Value.LookInterval, time, stop);
        }
    }

    /// <summary>The queue; null when there is none.</summary>
    static async Task<QueueDeclareOk?> Look(IConnection connection, string queue, CancellationToken stop)
    {
        // A queue that is not there costs the channel.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, stop);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    [LoggerMessage(1080, LogLevel.Warning, "The broker is away; whether it has our consumers is not known")]
    partial void Away(Exception e);

    [LoggerMessage(1081, LogLevel.Error, "At the broker nobody takes in {Endpoint}")]
    partial void Missing(string endpoint);
}
