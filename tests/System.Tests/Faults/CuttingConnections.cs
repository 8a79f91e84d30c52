using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests.Faults;

/// <summary>The network between the services and their servers breaks and stalls, two processes of each service.</summary>
public sealed class CuttingConnections : IAsyncLifetime
{
    CuttingProxy toDatabase = null!;
    CuttingProxy toBroker = null!;
    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync()
    {
        var servers = await Servers.Found;
        var postgres = new NpgsqlConnectionStringBuilder(servers.Postgres);
        toDatabase = CuttingProxy.Before(postgres.Host!, postgres.Port);
        toBroker = CuttingProxy.Before(servers.Broker.Host, servers.Broker.Port);
        (postgres.Host, postgres.Port) = ("127.0.0.1", toDatabase.Port);
        exchange = await RunningExchange.Start(each: 2, servers: servers with
        {
            Postgres = postgres.ConnectionString,
            Broker = new UriBuilder(servers.Broker) { Host = "127.0.0.1", Port = toBroker.Port }.Uri,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await exchange.DisposeAsync();
        await toDatabase.DisposeAsync();
        await toBroker.DisposeAsync();
    }

    [Fact]
    public async Task Loses_nothing_and_does_nothing_twice()
    {
        using var client = new RecordingClient(exchange);
        var officers = new OfficersAtWork(client).Begin(8);
        try
        {
            for (var round = 0; round < FaultRun.Rounds(shortly: 3, fully: 300); round++)
            {
                await officers.Answer(1);
                toDatabase.CutAll();
                toBroker.CutAll();
                await officers.Answer(1);
                toDatabase.CutAnswer(1 + round);
                toBroker.CutAnswer(10 + round);
                await officers.Answer(1);
                var before = client.Repeats;
                toDatabase.Stall();
                toBroker.Stall();
                await Eventually.Holds(() => client.Repeats.ShouldBeGreaterThan(before));
                toDatabase.Flow();
                toBroker.Flow();
            }
        }
        finally
        {
            toDatabase.Flow();
            toBroker.Flow();
            await officers.End();
        }
        await exchange.Settled();

        (await new Checker(exchange, client).Faults()).ShouldBeEmpty();
    }
}
