using Exchange.Testing;

namespace Exchange.System.Tests.Faults;

/// <summary>An exchange on a database server and a broker that nobody else uses, so that a test may stop, starve and kill them.</summary>
public sealed class OnServersOfTheirOwn : IAsyncLifetime
{
    public const string Name = "On servers of their own";

    internal PrivateServers Servers { get; private set; } = null!;

    internal RunningExchange Exchange { get; private set; } = null!;

    internal RecordingClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Servers = await PrivateServers.Start();
        Exchange = await RunningExchange.Start(servers: Servers.Addresses);
        Client = new(Exchange);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Exchange.DisposeAsync();
        await Servers.DisposeAsync();
    }

    /// <summary>Officers work while something breaks; in the end nothing may be lost, twice or wrong.</summary>
    internal async Task WhileOfficersWork(Func<OfficersAtWork, Task> something)
    {
        var officers = new OfficersAtWork(Client).Begin(8);
        try
        {
            await officers.Answer(3);
            await something(officers);
        }
        finally
        {
            await officers.End();
        }
        await Exchange.Settled();
        (await new Checker(Exchange, Client).Faults()).ShouldBeEmpty();
    }
}

[CollectionDefinition(OnServersOfTheirOwn.Name)]
public sealed class OnServersOfTheirOwnCollection : ICollectionFixture<OnServersOfTheirOwn>;
