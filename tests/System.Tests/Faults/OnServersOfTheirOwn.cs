using Exchange.Testing;

namespace Exchange.System.Tests.Faults;

/// <summary>An exchange on a database server and a broker that nobody else uses, so that a test may stop, starve and kill them.</summary>
public sealed class OnServersOfTheirOwn : ExchangeUnderFire
{
    public const string Name = "On servers of their own";

    internal PrivateServers Servers { get; private set; } = null!;

    internal BrokerContainer Broker { get; private set; } = null!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Servers.DisposeAsync();
        await Broker.DisposeAsync();
    }

    internal override async Task<RunningExchange> Start()
    {
        Broker = await BrokerContainer.Start();
        Servers = await PrivateServers.Start(Broker);
        return await RunningExchange.Start(servers: Servers.Addresses);
    }
}

[CollectionDefinition(OnServersOfTheirOwn.Name)]
public sealed class OnServersOfTheirOwnCollection : ICollectionFixture<OnServersOfTheirOwn>;
