using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;

namespace Exchange.Platform;

/// <summary>
/// Connections to the broker beside the bus, for what the bus does not do: asking about queues, and fetching dead letters.
/// </summary>
static class BrokerConnection
{
    /// <summary>Opens one that does not recover by itself: whoever uses it notices that it was lost, and opens another.</summary>
    /// <param name="name">By which the broker's operators see it.</param>
    public static Task<IConnection> Open(IConfiguration configuration, string name, CancellationToken ct) =>
        new ConnectionFactory { Uri = new(configuration.GetConnectionString("Broker")!), AutomaticRecoveryEnabled = false }
            .CreateConnectionAsync(name, ct);
}
