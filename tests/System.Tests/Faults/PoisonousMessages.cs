using System.Text;
using Exchange.Contracts;
using Exchange.Operations.V1;
using Exchange.Platform;
using Exchange.Testing;
using Grpc.Core;
using RabbitMQ.Client;

namespace Exchange.System.Tests.Faults;

/// <summary>T7: a message that kills whatever process takes it in, one that throws and one that is no message, among good ones.</summary>
public sealed class PoisonousMessages : IAsyncLifetime
{
    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync() => exchange = await RunningExchange.Start(settings: new Dictionary<string, string?>
    {
        ["DOTNET_ENVIRONMENT"] = TestingClock.Environment, ["Broker__DeliveryLimit"] = "3",
    });

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Fact]
    public async Task Are_parked_the_others_are_taken_in_and_the_service_stays_up()
    {
        var quarantine = await exchange.StartQuarantine("tracking");
        await quarantine.Kill();
        await exchange.Tracking.Kill();
        using var officer = exchange.Officer("investigator");
        List<string> requests = [];
        for (var number = 0; number < 20; number++)
            requests.Add((await officer.Draft(Letters.Complete("UNTOC-2000"))).Name["requests/".Length..]);
        var killer = requests[10];
        exchange.Tracking.Set("Testing__Kill", killer);
        quarantine.Set("Testing__Kill", killer);
        await using var broker = await BrokerAccess.Open(exchange.Broker);
        await Give(broker, ServiceIdentities.Envelope(exchange.Signer("requests"), typeof(RequestChanged),
            """{"request":"requests/none","version":1,"facts":{"request":"requests/none"}}"""u8.ToArray()));
        await Give(broker, "no message"u8.ToArray());

        var deaths = await Task.WhenAll(exchange.Tracking.StartAgainUntil(AllIsDone), quarantine.StartAgainUntil(AllIsDone));

        deaths.ShouldAllBe(count => count > 0);
        var parked = await Rows.Read(exchange.Databases["tracking"], "SELECT cause, body FROM parked",
            row => (Cause: row.GetString(0), Body: Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(1))));
        // Once as the broker brought it, once as the journal says it.
        var killers = parked.Where(message => message.Cause.Contains("killed the process")).Select(message => message.Body).ToList();
        killers.ShouldContain(body => body.Contains(killer));
        killers.ShouldContain(body => body.StartsWith("requests "));
        killers.Count.ShouldBe(2);
        parked.ShouldContain(message => message.Cause.StartsWith("FormatException") && message.Body.Contains("requests/none"));
        parked.ShouldContain(message => message.Body == "no message");
        parked.Count.ShouldBe(4);
        (await Rows.Count(exchange.Databases["tracking"], "SELECT count(*) FROM being_tried")).ShouldBe(0);

        await exchange.Tracking.Kill();
        exchange.Tracking.Set("Testing__Kill", null);
        await exchange.Tracking.Restart();
        await AnOperatorDealsWithThem();
        (await Rows.Count(exchange.Databases["tracking"], "SELECT count(*) FROM facts")).ShouldBe(requests.Count);

        async Task<bool> AllIsDone() =>
            await Rows.Count(
                exchange.Databases["tracking"], $"SELECT count(*) FROM facts WHERE request_id <> '{killer}'") == requests.Count - 1
            && await Rows.Count(
                exchange.Databases["tracking"], "SELECT coalesce(max(sealed_no), 0) FROM positions WHERE source = 'requests'")
                == await Rows.Count(exchange.Databases["requests"], "SELECT max(sealed_no) FROM seal")
            && await Rows.Count(exchange.Databases["tracking"], "SELECT count(*) FROM parked") == 4
            && await broker.Channel.MessageCountAsync(broker.Prefix + BrokerAccess.ToTracking) == 0
            && await broker.Channel.MessageCountAsync(broker.Prefix + BrokerAccess.ToTracking + "-dead") == 0;
    }

    async Task AnOperatorDealsWithThem()
    {
        (await exchange.Run("parked", "list", "--as", "operator")).ShouldContain("4 messages are parked.");
        foreach (var (id, cause) in await Rows.Read(
            exchange.Databases["tracking"], "SELECT id::text, cause FROM parked", row => (row.GetString(0), row.GetString(1))))
        {
            (await exchange.Run("parked", "show", id, "--as", "operator")).ShouldContain(cause.Split(':')[0]);
            var (_, replayed, errors) = await exchange.Try("parked", "replay", id, "--because", "it is mended", "--as", "operator");
            replayed.ShouldStartWith(
                cause.StartsWith("Killed") ? "Taken in" : "Still parked: " + cause.Split(':')[0], customMessage: errors);
        }
        (await Rows.Count(exchange.Databases["tracking"], "SELECT min(tries) FROM parked")).ShouldBe(2);

        using var channel = exchange.Connect(exchange.Tracking, "operator");
        using var stranger = exchange.Connect(exchange.Tracking, "prosecutor");
        var parked = new ParkedMessages.ParkedMessagesClient(channel);
        foreach (var message in (await parked.ListParkedAsync(new())).Messages)
        {
            var command = new DiscardParkedRequest { Id = message.Id, Justification = "nobody needs it", CommandId = Officer.NewId() };
            (await Should.ThrowAsync<RpcException>(
                async () => await new ParkedMessages.ParkedMessagesClient(stranger).DiscardParkedAsync(command)))
                .StatusCode.ShouldBe(StatusCode.PermissionDenied);
            var answer = await parked.DiscardParkedAsync(command);
            answer.Outcome.ShouldBe(ParkedOutcome.Discarded);
            (await parked.DiscardParkedAsync(command)).ShouldBe(answer);
            command.Justification = "another reason";
            (await Should.ThrowAsync<RpcException>(async () => await parked.DiscardParkedAsync(command))).StatusCode.ShouldBe(
                StatusCode.InvalidArgument);
        }
        (await parked.ListParkedAsync(new())).Messages.ShouldBeEmpty();

        var entries = await Rows.Read(exchange.Databases["tracking"], "SELECT entry FROM journal",
            row => EntryBytes.Parse(row.GetFieldValue<byte[]>(0), OperatorEntry.Parser));
        entries.CountBy(entry => entry.ParkedMessageHandled.Outcome).ToDictionary().ShouldBe(new Dictionary<ParkedOutcome, int>
        {
            [ParkedOutcome.TakenIn] = 2, [ParkedOutcome.StillParked] = 2, [ParkedOutcome.Discarded] = 2,
        }, ignoreOrder: true);
        entries.ShouldAllBe(entry =>
            entry.Actor.Identity.EndsWith("role=operator") && entry.ParkedMessageHandled.EncryptedTexts.Length > 0);
        await Eventually.Holds(async () => (await Rows.Count(exchange.Databases["tracking"], "SELECT count(*) FROM seal")).ShouldBe(6));
    }

    static async Task Give(BrokerAccess broker, byte[] body) =>
        await broker.Channel.BasicPublishAsync("", broker.Prefix + BrokerAccess.ToTracking, true,
        new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true, MessageId = Officer.NewId() }, body);
}
