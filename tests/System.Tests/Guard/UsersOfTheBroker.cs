using Exchange.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Exchange.System.Tests;

/// <summary>
/// Every service's user at the broker tries everything on every exchange and queue of the running exchange, and may exactly what it needs.
/// </summary>
public sealed class UsersOfTheBroker : IAsyncLifetime
{
    const string Changed = "Exchange.Contracts:RequestChanged";
    const string Rung = "Exchange.Contracts:RungConfirmed";

    /// <summary>The queues that the services have declared when they run, each with one for its dead letters beside it.</summary>
    static readonly string[] Queues = ["requests-rung-confirmed", "tracking-request-changed", "correlation-request-changed"];

    RunningExchange exchange = null!;
    IConnection administrator = null!;

    public async ValueTask InitializeAsync()
    {
        exchange = await RunningExchange.Start();
        // The services themselves run with these users: what they need works, or none of them would be ready.
        administrator = await Connect(exchange.Broker.Uri);
    }

    public async ValueTask DisposeAsync()
    {
        await administrator.DisposeAsync();
        await exchange.DisposeAsync();
    }

    [Theory]
    [InlineData("requests", new[] { Changed, Rung }, new[] { Changed }, new[] { Rung })]
    [InlineData("tracking", new[] { Changed, Rung }, new[] { Rung }, new[] { Changed })]
    [InlineData("correlation", new[] { Changed }, new string[0], new[] { Changed })]
    public async Task Each_may_what_it_needs_and_nothing_else(string user, string[] configures, string[] writes, string[] reads)
    {
        await using var own = await Connect(await exchange.Broker.UriOf(user));
        string[] queues = [.. Queues, .. Queues.Select(queue => queue + "-dead")];
        string[] exchanges = [Changed, Rung, .. queues];
        var ofItsOwn = queues.Where(queue => queue.StartsWith(user + "-", StringComparison.Ordinal)).ToList();

        foreach (var name in exchanges)
        {
            var mine = ofItsOwn.Contains(name);
            (await May(own, channel => channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, autoDelete: false)))
                .ShouldBe(mine || configures.Contains(name), $"{user} configures {name}");
            (await May(own, channel => Publish(channel, name, ""))).ShouldBe(mine || writes.Contains(name), $"{user} writes to {name}");
            (await May(own, channel => Bind(channel, ofItsOwn[0], name))).ShouldBe(mine || reads.Contains(name), $"{user} reads {name}");
            // Whatever it reads, to lead something into an exchange is to write there.
            (await May(own, channel => Bind(channel, name, ofItsOwn[0])))
                .ShouldBe(mine || writes.Contains(name), $"{user} leads into {name}");
            (await May(own, channel => Publish(channel, "", name))).ShouldBeFalse($"{user} writes to {name} by the default exchange");
            (await May(own, channel => channel.ExchangeDeleteAsync(name, ifUnused: true)))
                .ShouldBe(mine || configures.Contains(name), $"{user} deletes {name}");
        }
        foreach (var name in queues)
        {
            var mine = ofItsOwn.Contains(name);
            (await May(own, channel => channel.QueuePurgeAsync(name))).ShouldBe(mine, $"{user} purges {name}");
            (await May(own, channel => channel.BasicGetAsync(name, autoAck: false))).ShouldBe(mine, $"{user} reads {name}");
            if (!mine)
            {
                (await May(own, channel => channel.QueueDeleteAsync(name, ifUnused: false, ifEmpty: false)))
                    .ShouldBeFalse($"{user} deletes {name}");
            }
        }
        (await May(own, channel => channel.QueueDeclareAsync($"{user}-more", true, exclusive: false, autoDelete: false))).ShouldBeTrue();
        (await May(own, channel => channel.QueueDeclareAsync("more", true, exclusive: false, autoDelete: false))).ShouldBeFalse();
        (await May(own, channel => channel.QueueDeclareAsync())).ShouldBeFalse();
        (await May(own, channel => Publish(channel, "amq.fanout", ""))).ShouldBeFalse();
    }

    [Fact]
    public async Task Nobody_else_gets_in()
    {
        var stranger = new UriBuilder(exchange.Broker.Uri) { UserName = "guest", Password = "guest" }.Uri;

        (await Record.ExceptionAsync(() => Connect(stranger))).ShouldBeOfType<BrokerUnreachableException>();
    }

    /// <summary>
    /// Whether the broker lets it happen: anything but a refused access counts, such as a queue that is in use. The queue's own exchange
    /// stands for itself.
    /// </summary>
    static async Task<bool> May(IConnection connection, Func<IChannel, Task> attempt)
    {
        // A refusal costs the channel.
        await using var channel =
            await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        try
        {
            await attempt(channel);
            return true;
        }
        catch (OperationInterruptedException refused)
        {
            return refused.ShutdownReason?.ReplyCode != Constants.AccessRefused;
        }
    }

    static async Task Publish(IChannel channel, string to, string key)
    {
        try
        {
            await channel.BasicPublishAsync(to, key, mandatory: false, new BasicProperties(), ReadOnlyMemory<byte>.Empty);
        }
        catch (PublishException) when (channel.CloseReason is { } reason)
        {
            throw new OperationInterruptedException(reason);
        }
    }

    static async Task Bind(IChannel channel, string destination, string source)
    {
        await channel.ExchangeBindAsync(destination, source, "attempt");
        await channel.ExchangeUnbindAsync(destination, source, "attempt");
    }

    static Task<IConnection> Connect(Uri broker) => new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
}
