using Exchange.Testing;
using Npgsql;
using RabbitMQ.Client;

namespace Exchange.System.Tests;

public sealed class PrivateServersScript(OneStart servers) : IClassFixture<OneStart>
{
    [Fact]
    public async Task Starting_twice_changes_nothing()
    {
        var before = servers.Servers.Addresses;

        await servers.Servers.Start(Server.Postgres);
        await servers.Servers.Start(Server.RabbitMq);

        servers.Servers.Addresses.ShouldBe(before);
    }

    [Fact]
    public async Task A_killed_database_keeps_what_was_committed()
    {
        await Sql("CREATE TABLE kept (word text)");
        await Sql("INSERT INTO kept VALUES ('committed')");

        await servers.Servers.Kill(Server.Postgres);
        await Should.ThrowAsync<NpgsqlException>(() => Sql("SELECT 1"));
        await servers.Servers.Start(Server.Postgres);

        (await Sql("SELECT word FROM kept")).ShouldBe("committed");
    }

    [Fact]
    public async Task A_stopped_broker_keeps_its_durable_queues()
    {
        await OnBroker(channel => channel.QueueDeclareAsync("kept", true, false, false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }));

        await servers.Servers.Stop(Server.RabbitMq);
        await servers.Servers.Start(Server.RabbitMq);

        await OnBroker(channel => channel.QueueDeclarePassiveAsync("kept"));
    }

    async Task<object?> Sql(string sql)
    {
        await using var source = NpgsqlDataSource.Create(servers.Servers.Addresses.Postgres);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    async Task OnBroker(Func<IChannel, Task> act)
    {
        await using var connection = await new ConnectionFactory { Uri = servers.Servers.Addresses.Broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await act(channel);
    }
}

/// <summary>One pair of servers for the tests of a class that stop and kill them.</summary>
public sealed class OneStart : IAsyncLifetime
{
    public PrivateServers Servers { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Servers = await PrivateServers.Start();

    public async ValueTask DisposeAsync() => await Servers.DisposeAsync();
}
