using Exchange.Testing;
using Npgsql;
using RabbitMQ.Client;

namespace Exchange.Platform.Tests;

/// <summary>What all other tests stand on: a fixture that does not work lets every test pass.</summary>
public sealed class TestTools
{
    [Fact]
    public void Timers_fire_in_order_and_each_at_its_own_time()
    {
        var clock = new FakeClock(DateTimeOffset.UnixEpoch);
        var fired = new List<string>();
        using var twice = clock.CreateTimer(_ => fired.Add($"every 4 h at {clock.GetUtcNow():HH}"), null,
            TimeSpan.FromHours(4), TimeSpan.FromHours(4));
        using var once = clock.CreateTimer(_ => fired.Add($"once at {clock.GetUtcNow():HH}"), null,
            TimeSpan.FromHours(6), Timeout.InfiniteTimeSpan);

        clock.Advance(TimeSpan.FromHours(9));

        fired.ShouldBe(["every 4 h at 04", "once at 06", "every 4 h at 08"]);
        clock.GetUtcNow().ShouldBe(DateTimeOffset.UnixEpoch.AddHours(9));
    }

    [Fact]
    public async Task A_delay_ends_when_the_clock_is_moved()
    {
        var clock = new FakeClock(DateTimeOffset.UnixEpoch);
        using var timeout = new CancellationTokenSource(TimeSpan.FromDays(1), clock);

        clock.Set(DateTimeOffset.UnixEpoch.AddHours(23));
        timeout.IsCancellationRequested.ShouldBeFalse();
        clock.Set(DateTimeOffset.UnixEpoch.AddHours(24));

        await Eventually.Holds(() => timeout.IsCancellationRequested.ShouldBeTrue());
    }

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
