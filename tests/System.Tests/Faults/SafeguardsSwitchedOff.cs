using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;

namespace Exchange.System.Tests.Faults;

/// <summary>
/// Each safeguard taken away once, from outside and never by a switch in the product: what the checker finds then is what it
/// would find if the safeguard broke.
/// </summary>
public sealed class SafeguardsSwitchedOff
{
    const string NoOutbox =
        """
        CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER forget BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION forget();
        """;

    const string NoVersionGuard =
        """
        CREATE FUNCTION forget_version() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.version := 1; RETURN NEW; END';
        CREATE TRIGGER forget_version BEFORE INSERT OR UPDATE ON facts FOR EACH ROW EXECUTE FUNCTION forget_version();
        """;

    [Fact]
    public async Task Without_the_command_s_id_a_repeated_command_is_done_twice()
    {
        await using var exchange = await RunningExchange.Start(settings: Settings());
        using var careless = new RecordingClient(exchange, careless: true);
        // Drafts, for every other step is also saved by its etag.
        await DieAfterACommit(exchange, meanwhile: () => Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Draft(careless))));
        await exchange.Settled();

        (await new Checker(exchange, careless).Faults()).ShouldContain(fault => fault.Contains("2 times in the journal"));
    }

    [Fact]
    public async Task Without_outbox_and_follower_what_a_dying_process_had_to_tell_is_lost()
    {
        await using var exchange = await RunningExchange.Start(settings: Settings(("Follow__Interval", "01:00:00")));
        using var client = new RecordingClient(exchange);
        await Rows.Run(exchange.Databases["requests"], NoOutbox);
        var officers = new OfficersAtWork(client).Begin(8);
        await officers.Answer(1);
        for (var round = 0; round < 3; round++)
            await DieAfterACommit(exchange, meanwhile: () => Task.CompletedTask);
        await officers.End();
        await LastIsSeen(exchange, client);

        // Later versions hide some of the lost ones: they are cumulative. Not all, for every version is kept.
        (await new Checker(exchange, client).Faults())
            .ShouldContain(fault => fault.StartsWith("Tracking does not know") || fault.Contains("Tracking has version"));
    }

    [Fact]
    public async Task Without_mandatory_publishing_and_follower_an_unroutable_message_is_lost()
    {
        await using var exchange = await RunningExchange.Start(
            settings: Settings(("Follow__Interval", "01:00:00"), ("Broker__LookInterval", "00:10:00")));
        using var client = new RecordingClient(exchange);
        await using var broker = await BrokerAccess.Open(exchange.Broker);
        await broker.Channel.ExchangeDeclareAsync("nowhere", RabbitMQ.Client.ExchangeType.Fanout, durable: true, autoDelete: false);
        await broker.Channel.QueueDeclareAsync(
            "nowhere", true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await broker.Channel.QueueBindAsync("nowhere", "nowhere", "");
        await exchange.Broker.SetAlternateExchange("nowhere");
        await broker.Unbind(BrokerAccess.ToTracking);
        await broker.Unbind(BrokerAccess.ToCorrelation);
        var officers = new OfficersAtWork(client).Begin(8);
        await officers.Answer(2);
        await officers.End();
        await Eventually.Holds(async () => (await Rows.Count(exchange.Databases["requests"], "SELECT count(*) FROM outbox")).ShouldBe(0));

        (await new Checker(exchange, client).Faults()).ShouldContain(fault => fault.StartsWith("Tracking does not know"));
    }

    [Fact]
    public async Task Without_the_version_guard_an_old_message_overwrites_a_newer_one()
    {
        await using var exchange = await RunningExchange.Start(settings: Settings());
        using var client = new RecordingClient(exchange);
        await using var broker = await BrokerAccess.Open(exchange.Broker);
        await Rows.Run(exchange.Databases["tracking"], NoVersionGuard);
        var repeater = await Repeater.Begin(broker);
        var officers = new OfficersAtWork(client).Begin(8);
        await officers.Answer(5);
        await officers.End();
        await repeater.RepeatAll();
        await exchange.Settled();

        (await new Checker(exchange, client).Faults()).ShouldContain(fault => fault.Contains("with other facts"));
    }

    [Fact]
    public async Task Without_a_log_written_ahead_what_was_answered_dies_with_the_database()
    {
        await using var servers = await PrivateServers.Start();
        await using var exchange = await RunningExchange.Start(servers: servers.Addresses);
        using var client = new RecordingClient(exchange);
        await Rows.Run(exchange.Databases["requests"], "ALTER TABLE journal SET UNLOGGED");
        var officers = new OfficersAtWork(client).Begin(8);
        await officers.Answer(2);
        await servers.Kill(Server.Postgres);
        await servers.Start(Server.Postgres);
        // Who goes on with a letter whose entries are gone is refused: its row is not believed without them.
        if (await Record.ExceptionAsync(officers.End) is { } refused)
            refused.ShouldBeOfType<RpcException>().StatusCode.ShouldBe(StatusCode.DataLoss);

        (await new Checker(exchange, client).Faults()).ShouldContain(fault => fault.Contains("was answered and is not in the journal"));
    }

    static Dictionary<string, string?> Settings(params (string Name, string Value)[] more) =>
        new(more.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
        {
            ["DOTNET_ENVIRONMENT"] = TestingClock.Environment,
        };

    static async Task DieAfterACommit(RunningExchange exchange, Func<Task> meanwhile)
    {
        await exchange.Requests.Kill();
        exchange.Requests.Set("Testing__Failpoints", $"{Failpoints.LedgerCommitted}=1");
        var working = meanwhile();
        await exchange.Requests.Die();
        exchange.Requests.Set("Testing__Failpoints", null);
        await exchange.Requests.Restart();
        await working;
    }

    static Task<MlaRequest?> Draft(RecordingClient client) => client.Give("investigator", "CreateDraft", "",
        (officer, command, options) =>
            officer.Requests.CreateDraftAsync(new() { Letter = Letters.Complete("UNTOC-2000"), CommandId = command.ToString() }, options));

    /// <summary>Until the way through the broker has brought a letter written after everything else.</summary>
    static async Task LastIsSeen(RunningExchange exchange, RecordingClient client)
    {
        var last = await Draft(client);
        await Eventually.Holds(async () => (await Rows.Count(exchange.Databases["tracking"],
            $"SELECT count(*) FROM facts WHERE request_id = '{last!.Name["requests/".Length..]}'")).ShouldBe(1));
    }
}
