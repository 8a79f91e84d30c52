using Exchange.Testing;
using Npgsql;
using RabbitMQ.Client;

namespace Exchange.Platform.Tests;

/// <summary>What all other tests stand on: a fixture that does not work lets every test pass.</summary>
public sealed class TestTools
{
    [Fact]
    public async Task Waiting_gives_up_with_the_last_failure()
    {
        var tries = 0;

        var failure = await Should.ThrowAsync<TimeoutException>(() =>
            Eventually.Holds(() => throw new InvalidOperationException($"try {++tries}"), TimeSpan.FromMilliseconds(200)));

        tries.ShouldBeGreaterThan(1);
        failure.Message.ShouldEndWith($"try {tries}");
    }

    [Fact]
    public async Task A_database_is_there_and_gone_again()
    {
        string connectionString;
        await using (var database = await TestDatabase.Create())
        {
            connectionString = database.ConnectionString;
            await Open(connectionString);
        }

        (await Should.ThrowAsync<PostgresException>(() => Open(connectionString))).SqlState.ShouldBe("3D000");
    }

    [Fact]
    public async Task A_virtual_host_takes_a_queue_and_is_gone_again()
    {
        Uri uri;
        await using (var broker = await TestBroker.Create())
        {
            uri = broker.Uri;
            await Declare(uri);
        }

        // Which exception depends on the moment in which the broker closes the connection.
        (await Record.ExceptionAsync(() => Declare(uri))).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_service_that_is_not_built_says_what_to_do()
    {
        var failure = await Should.ThrowAsync<FileNotFoundException>(() =>
            ServiceProcess.Start("Exchange.Nothing", new Dictionary<string, string?>()));

        failure.Message.ShouldContain("dotnet build");
    }

    static async Task Declare(Uri broker)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        (await channel.QueueDeclareAsync("queue", true, false, false)).QueueName.ShouldBe("queue");
    }

    static async Task Open(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
    }
}
