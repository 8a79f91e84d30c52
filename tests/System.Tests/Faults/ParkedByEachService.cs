using System.Text;
using Exchange.Platform;
using Exchange.Operations.V1;
using Exchange.Testing;
using RabbitMQ.Client;

namespace Exchange.System.Tests.Faults;

/// <summary>Whichever service sets a message aside, an operator deals with it the same way, and that service's journal says so.</summary>
public sealed class ParkedByEachService : IAsyncLifetime
{
    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync() => exchange = await RunningExchange.Start();

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Theory]
    [InlineData("requests", "requests-rung-confirmed")]
    [InlineData("correlation", "correlation-request-changed")]
    public async Task Is_listed_tried_again_and_discarded(string service, string queue)
    {
        var database = exchange.Databases[service];
        // What cannot be read at all comes to the dead letters, and the second process sets it aside.
        await exchange.StartQuarantine(service);
        await using var broker = await BrokerAccess.Open(exchange.Broker);
        await broker.Channel.BasicPublishAsync("", broker.Prefix + queue, true,
            new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true, MessageId = Officer.NewId() },
            Encoding.UTF8.GetBytes("no message"));
        await Eventually.Holds(async () => (await Rows.Count(database, "SELECT count(*) FROM parked")).ShouldBe(1));
        var id = (await Rows.Read(database, "SELECT id::text FROM parked", row => row.GetString(0))).Single();
        string[] at = ["--service", service, "--as", "operator"];

        (await exchange.Run(["parked", "list", .. at])).ShouldContain(id);
        (await exchange.Run(["parked", "show", id, .. at])).ShouldContain("JsonReaderException");
        (await exchange.Try(["parked", "replay", id, "--because", "it may be mended", .. at])).Output.ShouldStartWith("Still parked");
        (await exchange.Run(["parked", "discard", id, "--because", "it never was a message", .. at])).ShouldBe("Thrown away.\n");

        (await Rows.Count(database, "SELECT count(*) FROM parked")).ShouldBe(0);
        var entries = await Rows.Read(
            database, "SELECT entry FROM journal", row => EntryBytes.Parse(row.GetFieldValue<byte[]>(0), OperatorEntry.Parser));
        entries.Select(entry => entry.ParkedMessageHandled.Outcome)
            .ShouldBe([ParkedOutcome.StillParked, ParkedOutcome.Discarded], ignoreOrder: true);

        // The journal of Requests holds these entries beside those of requests, and whoever follows it goes past them.
        using var officer = exchange.Officer("investigator");
        await officer.Draft(Letters.Complete("UNTOC-2000"));
        await exchange.Settled();
        (await Rows.Count(exchange.Databases["tracking"], "SELECT count(*) FROM facts")).ShouldBe(1);
    }
}
