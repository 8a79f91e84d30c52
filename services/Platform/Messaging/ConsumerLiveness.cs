using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Exchange.Platform;

/// <summary>
/// Asks the broker itself, over a connection of its own, whether each queue of this service has a consumer there: a
/// connection may look well from this side and nothing be consumed. One that has none for several looks makes the
/// process unhealthy, so that its orchestrator starts it again. While the broker is away nobody can say, and nothing is
/// unhealthy. Several replicas share an endpoint, and one consumer is enough for it. At each look exchange and binding before the
/// queue are declared again, so that one that was deleted heals.
/// </summary>
sealed partial class ConsumerLiveness(
    IEnumerable<MessageReplay> consumed, IBus bus, PlatformGauges gauges, IConfiguration configuration, IOptions<BusOptions> options,
    TimeProvider time, ILogger<ConsumerLiveness> log) : PeriodicWorker(time, options.Value.LookInterval), IHealthCheck
{
    /// <summary>
    /// Looks without a consumer, one after the other, that make the process unhealthy. One that was cut off comes back well
    /// within them.
    /// </summary>
    const int LooksWithoutConsumer = 6;

    readonly ConcurrentDictionary<string, int> without = [];
    IConnection? connection;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var missing = without.Where(endpoint => endpoint.Value >= LooksWithoutConsumer).Select(endpoint => endpoint.Key).Order().ToList();
        return Task.FromResult(missing.Count == 0 ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"no consumer at the broker: {string.Join(", ", missing)}"));
    }

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        connection ??= await BrokerConnection.Open(configuration, "liveness", stop);
        foreach (var message in consumed)
        {
            var endpoint = message.Endpoint;
            var queue = options.Value.Prefix + endpoint;
            var there = await Look(connection, queue, stop);
            if (there is not null)
                await Declare(connection, message.ExchangeAt(bus), queue, stop);
            var consumers = there?.ConsumerCount ?? 0;
            var looks = without.AddOrUpdate(endpoint, consumers == 0 ? 1 : 0, (_, before) => consumers == 0 ? before + 1 : 0);
            if (looks == LooksWithoutConsumer)
                Missing(endpoint);
            gauges.DeadLetters(endpoint, (await Look(connection, queue + "-dead", stop))?.MessageCount ?? 0);
        }
        return options.Value.LookInterval;
    }

    protected override void Failed(Exception e)
    {
        without.Clear();
        Unavailable(e);
    }

    protected override async ValueTask Release()
    {
        if (connection is { } open)
        {
            connection = null;
            await open.DisposeAsync();
        }
    }

    /// <summary>What the broker says of the queue; null when there is none.</summary>
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

    async Task Declare(IConnection connection, string exchange, string queue, CancellationToken stop)
    {
        try
        {
            await ConsumerTopology.Declare(connection, exchange, queue, stop);
        }
        catch (OperationInterruptedException e)
        {
            NotDeclared(e, exchange, queue);
        }
    }

    [LoggerMessage(1082, LogLevel.Error,
        "Exchange {Exchange} cannot be bound to queue {Queue}: somebody declared it otherwise, or this service's user may not. Its "
        + "messages come from the journal until then. Delete the exchange, or give the user its permissions; it is declared again by "
        + "itself")]
    partial void NotDeclared(Exception e, string exchange, string queue);

    [LoggerMessage(1080, LogLevel.Warning, "The broker is unavailable; whether it has our consumers is not known")]
    partial void Unavailable(Exception e);

    [LoggerMessage(1081, LogLevel.Error, "Queue {Endpoint} has no consumer at the broker")]
    partial void Missing(string endpoint);
}
