using Exchange.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Exchange.Platform.Tests;

/// <summary>Database, broker and a bus that publishes; with a plain queue behind the event's exchange once one is bound.</summary>
sealed class OutboxBench : IAsyncDisposable
{
    const string Listener = "listener";

    readonly TestBroker broker;

    OutboxBench(Workbench workbench, TestBroker broker, BusHost bus) => (Bench, this.broker, Bus) = (workbench, broker, bus);

    public Workbench Bench { get; }

    public BusHost Bus { get; }

    public static async Task<OutboxBench> Create(Func<TestBroker, Uri>? address = null)
    {
        var (workbench, broker) = (await Workbench.Create(), await TestBroker.Create());
        return new(workbench, broker, await BusHost.Start(broker, workbench.Source, contracts => contracts.Publish<ItemChanged>(),
            address: address?.Invoke(broker)));
    }

    public Task<OutboxDispatcher> StartDispatcher(OutboxQueue? handed = null) => Bench.Start(new OutboxDispatcher(
        Bench.Database, handed ?? Bench.Handed, Bench.Messages, Bus.Bus, Options.Create(new OutboxOptions
        {
            SweepInterval = TimeSpan.FromMilliseconds(50),
            PauseAfterFailure = TimeSpan.FromMilliseconds(50),
            PublishTimeout = TimeSpan.FromSeconds(5),
            Lease = TimeSpan.FromSeconds(1),
        }), Failpoints.None, TimeProvider.System, NullLogger<OutboxDispatcher>.Instance));

    public Task BindListener() => BusHost.AtBroker(broker, async channel =>
    {
        await channel.ExchangeDeclareAsync(Bus.ExchangeName, ExchangeType.Fanout, durable: true);
        await channel.QueueDeclareAsync(
            broker.Prefix + Listener, true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await channel.QueueBindAsync(broker.Prefix + Listener, Bus.ExchangeName, "");
        return true;
    });

    public Task<uint> Heard() => BusHost.Ready(broker, Listener);

    public Task<BasicGetResult?> TakeOne() =>
        BusHost.AtBroker(broker, channel => channel.BasicGetAsync(broker.Prefix + Listener, autoAck: true));

    public Task<long> Waiting() => Bench.One<long>("SELECT count(*) FROM outbox");

    /// <summary>A committed row that nobody hands over; its lease ends when it is told to.</summary>
    public async Task<OutboxMessage> Orphan(string type = "", TimeSpan leasedFor = default)
    {
        var message = Bench.Messages.Compose(new ItemChanged(Guid.CreateVersion7(), 1));
        await Bench.Run("INSERT INTO outbox (id, type, body, leased_until) VALUES ($1, $2, $3, now() + $4)",
            message.Id, type.Length > 0 ? type : message.Type, message.Body, leasedFor);
        return message;
    }

    public async ValueTask DisposeAsync()
    {
        // The dispatchers first: they publish over the bus.
        await Bench.StopAll();
        await Bus.DisposeAsync();
        await broker.DisposeAsync();
        await Bench.DisposeAsync();
    }
}
