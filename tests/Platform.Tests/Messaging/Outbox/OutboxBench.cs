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
        return new(workbench, broker, await BusHost.Start(broker, workbench, contracts => contracts.Publish<ItemChanged>(),
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
        var message = Compose()[0];
        await Write([type.Length > 0 ? message with { Type = type } : message], leasedFor);
        return message;
    }

    /// <summary>Messages of one group, signed.</summary>
    public IReadOnlyList<OutboxMessage> Compose(int count = 1) => Bench.Signer.Sign(
        [.. Enumerable.Range(0, count).Select(_ => Bench.Messages.Compose(new ItemChanged(Guid.CreateVersion7(), 1)))]);

    /// <summary>Commits messages of one group, as a ledger does.</summary>
    public async Task Write(IReadOnlyList<OutboxMessage> messages, TimeSpan leasedFor)
    {
        var proof = messages[0].Proof!;
        await Bench.Run("INSERT INTO message_certificates VALUES ($1, $2) ON CONFLICT DO NOTHING", proof.CertificateId, proof.Certificate);
        await Bench.Run(
            """
            INSERT INTO outbox (id, type, body, proof, certificate_id, leased_until)
            SELECT id, type, body, proof, $5, now() + $6 FROM unnest($1, $2, $3, $4) AS m (id, type, body, proof)
            """,
            messages.Select(m => m.Id).ToArray(), messages.Select(m => m.Type).ToArray(), messages.Select(m => m.Body).ToArray(),
            messages.Select(m => m.Proof!.Bytes).ToArray(), proof.CertificateId, leasedFor);
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
