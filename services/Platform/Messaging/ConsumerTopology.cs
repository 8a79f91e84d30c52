using RabbitMQ.Client;

namespace Exchange.Platform;

/// <summary>
/// What stands between the exchange of a message's owner and the queue of a service that consumes it. The bus declares it when it
/// connects, and does not notice when somebody deletes an exchange or a binding while it is connected: what is published then goes
/// nowhere. Declaring it again changes nothing where it is there.
/// </summary>
static class ConsumerTopology
{
    /// <summary>Declares it as the bus does; the queue itself is the bus's, which declares it again when its consumer ends.</summary>
    /// <param name="exchange">The owner's exchange.</param>
    /// <param name="queue">The service's queue, which must be there; its exchange has the same name.</param>
    public static async Task Declare(IConnection connection, string exchange, string queue, CancellationToken ct)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        foreach (var fanout in (string[])[exchange, queue])
            await channel.ExchangeDeclareAsync(fanout, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: ct);
        await channel.ExchangeBindAsync(queue, exchange, "", cancellationToken: ct);
        await channel.QueueBindAsync(queue, queue, "", cancellationToken: ct);
    }
}
