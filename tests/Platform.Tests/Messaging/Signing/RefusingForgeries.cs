using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Exchange.Testing;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Exchange.Platform.Tests;

/// <summary>Somebody who reaches the broker publishes what he likes.</summary>
public sealed class RefusingForgeries : IAsyncLifetime
{
    Workbench bench = null!;
    TestBroker broker = null!;
    BusHost bus = null!;

    public async ValueTask InitializeAsync()
    {
        (bench, broker) = (await Workbench.Create(), await TestBroker.Create());
        bus = await BusHost.Start(broker, bench,
            contracts => contracts.Consume<ItemChanged, Notebook>(owner: Workbench.ServiceName));
    }

    public async ValueTask DisposeAsync()
    {
        await bus.DisposeAsync();
        await broker.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task What_nobody_signed_changes_nothing_and_is_set_aside_counted_and_does_not_hold_up_the_others()
    {
        var counted = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "exchange.messages.refused")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref counted, value));
        listener.Start();
        var forged = new ItemChanged(Guid.CreateVersion7(), 1_000_000);

        // With the words of the contract, and under the id of a message that is still to come.
        var awaited = Guid.CreateVersion7();
        await Send(JsonSerializer.SerializeToUtf8Bytes(new
        {
            messageId = awaited, messageType = (string[])["urn:message:Exchange.Platform.Tests:ItemChanged"], message = forged,
        }, JsonSerializerOptions.Web));
        await Send(ServiceIdentities.Envelope(bench.Services.Signer("other"), forged));
        var good = new ItemChanged(Guid.CreateVersion7(), 1);
        await Send(ServiceIdentities.Envelope(bench.Signer, good, awaited));

        await Eventually.Holds(async () => (await bench.One<long>("SELECT count(*) FROM parked")).ShouldBe(2));
        await Eventually.Holds(() => bus.Notebook.Consumed.ShouldBe([good]));
        (await Causes()).Order().ShouldSatisfyAllConditions(
            causes => causes.First().ShouldStartWith("UnverifiedMessageException: no_proof. Nothing shows that testing said it."),
            causes => causes.Last().ShouldStartWith("UnverifiedMessageException: wrong_service."));
        (await bench.One<long>("SELECT count(*) FROM parked WHERE id = $1", awaited)).ShouldBe(0);
        Interlocked.Read(ref counted).ShouldBe(2);
        (await BusHost.Ready(broker, BusHost.Queue + "-dead")).ShouldBe(0u);
    }

    [Fact]
    public async Task The_same_forgery_again_and_again_is_one_row_that_counts_them()
    {
        var body = ServiceIdentities.Envelope(bench.Services.Signer("other"), new ItemChanged(Guid.CreateVersion7(), 1));
        for (var i = 0; i < 5; i++)
            await Send(body);

        await Eventually.Holds(async () => (await bench.One<int>("SELECT tries FROM parked")).ShouldBe(5));
    }

    [Fact]
    public async Task A_good_message_that_failed_passes_with_its_proof_when_it_is_replayed()
    {
        var item = new ItemChanged(Guid.CreateVersion7(), 7);
        bus.Notebook.Fault = new InvalidOperationException("cannot be");
        await bus.Publish(item);
        await Eventually.Holds(async () => (await bench.One<long>("SELECT count(*) FROM parked")).ShouldBe(1));
        bus.Notebook.Fault = null;
        var (id, body) = (await bench.One<Guid>("SELECT id FROM parked"), await bench.One<byte[]>("SELECT body FROM parked"));
        var replay = bus.Host.Services.GetRequiredService<MessageReplay>();

        // As somebody changed it where it lies, and as it was.
        var changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("\"version\":7", "\"version\":9"));
        changed.ShouldNotBe(body);
        (await replay.Replay(id, changed, null, CancellationToken.None)).ShouldBeOfType<UnverifiedMessageException>()
            .Reason.ShouldBe(MessageVerifier.NotInGroup);
        (await replay.Replay(id, body, null, CancellationToken.None)).ShouldBeNull();

        bus.Notebook.Consumed.ShouldBe([item]);
    }

    [Fact]
    public async Task What_comes_from_the_outbox_passes_also_when_a_later_dispatch_sends_it_under_a_certificate_replaced_meanwhile()
    {
        var ledger = await bench.Start(bench.Ledger(new() { Lease = TimeSpan.FromSeconds(1) }));
        var appends = Enumerable.Range(0, 20).Select(_ => Workbench.Item(Guid.CreateVersion7(), 1)).ToList();
        await Task.WhenAll(appends.Select(append => ledger.Append(append, CancellationToken.None)));
        // The process that wrote them is gone; another, with another certificate, finds the rows.
        await bench.Run("UPDATE outbox SET leased_until = 'epoch'");

        await bench.Start(new OutboxDispatcher(bench.Database, new(TimeProvider.System), bench.Messages, bus.Bus,
            Microsoft.Extensions.Options.Options.Create(new OutboxOptions()), Failpoints.None, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<OutboxDispatcher>.Instance));

        await Eventually.Holds(() => bus.Notebook.Consumed.Select(item => item.Id)
            .ShouldBe(appends.Select(append => append.AggregateId), ignoreOrder: true));
        (await bench.One<long>("SELECT count(*) FROM parked")).ShouldBe(0);
        await bench.StopAll();
    }

    Task<List<string>> Causes() => bench.Database.Query("SELECT cause FROM parked", [], row => row.GetString(0), CancellationToken.None);

    Task Send(byte[] body) => BusHost.AtBroker(broker, async channel =>
    {
        await channel.BasicPublishAsync(bus.ExchangeName, "", true,
            new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true }, body);
        return true;
    });
}
