using Exchange.Testing;
using RabbitMQ.Client;

namespace Exchange.System.Tests.Faults;

/// <summary>Two processes of each service on one set of databases.</summary>
public sealed class TwoOfEach : ExchangeUnderFire
{
    public const string Name = "Two of each";

    // Bindings that are lost stay so until a test puts them back: what holds without their healing is what it asks.
    internal override Task<RunningExchange> Start() => RunningExchange.Start(
        each: 2, settings: new Dictionary<string, string?> { ["Broker__LookInterval"] = "00:10:00" });
}

[CollectionDefinition(TwoOfEach.Name)]
public sealed class TwoOfEachCollection : ICollectionFixture<TwoOfEach>;

/// <summary>The topology as an operator could break it.</summary>
sealed class BrokerAccess : IAsyncDisposable
{
    public const string Event = "Exchange.Contracts:RequestChanged";
    public const string ToTracking = "tracking-request-changed";
    public const string ToCorrelation = "correlation-request-changed";

    readonly IConnection connection;

    BrokerAccess(IConnection connection, IChannel channel, string prefix) =>
        (this.connection, Channel, Prefix) = (connection, channel, prefix);

    public IChannel Channel { get; }

    public string Prefix { get; }

    public static async Task<BrokerAccess> Open(TestBroker broker)
    {
        var connection = await new ConnectionFactory { Uri = broker.Uri }.CreateConnectionAsync();
        return new(connection, await connection.CreateChannelAsync(), broker.Prefix);
    }

    public Task Unbind(string endpoint) => Channel.ExchangeUnbindAsync(Prefix + endpoint, Prefix + Event, "");

    public Task Bind(string endpoint) => Channel.ExchangeBindAsync(Prefix + endpoint, Prefix + Event, "");

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
