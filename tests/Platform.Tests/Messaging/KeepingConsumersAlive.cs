using Exchange.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Exchange.Platform.Tests;

public sealed class KeepingConsumersAlive : IAsyncLifetime
{
    Workbench bench = null!;
    TestBroker broker = null!;

    public async ValueTask InitializeAsync() => (bench, broker) = (await Workbench.Create(), await TestBroker.Create());

    public async ValueTask DisposeAsync()
    {
        await broker.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task An_endpoint_without_a_consumer_is_named_and_forgotten_once_it_has_one()
    {
        await using var bus = await Start();
        await bus.Bus.StopAsync();

        await Eventually.Holds(async () => (await Health(bus)).Description.ShouldBe($"no consumer at the broker: {BusHost.Queue}"));
        await bus.Bus.StartAsync();

        await Eventually.Holds(async () => (await Health(bus)).Status.ShouldBe(HealthStatus.Healthy));
    }

    [Fact]
    public async Task A_deleted_queue_is_named_too()
    {
        await using var bus = await Start();
        await bus.Bus.StopAsync();
        await BusHost.AtBroker(broker, channel => channel.QueueDeleteAsync(broker.Prefix + BusHost.Queue, ifUnused: false, ifEmpty: false));

        await Eventually.Holds(async () => (await Health(bus)).Status.ShouldBe(HealthStatus.Unhealthy));
    }

    [Fact]
    public async Task While_the_broker_is_away_nothing_is_said_and_then_the_consumers_are_back()
    {
        await using var proxy = CuttingProxy.Before(broker.Uri.Host, broker.Uri.Port);
        await using var bus = await Start(new UriBuilder(broker.Uri) { Host = "127.0.0.1", Port = proxy.Port }.Uri);
        proxy.GoAway();
        await Eventually.Holds(() => proxy.Refused.ShouldBeGreaterThan(5));
        (await Health(bus)).Status.ShouldBe(HealthStatus.Healthy);

        proxy.ComeBack();

        await Eventually.Holds(async () =>
            (await BusHost.AtBroker(broker, channel => channel.ConsumerCountAsync(broker.Prefix + BusHost.Queue))).ShouldBe(1u),
            TimeSpan.FromSeconds(60));
        // The looks of this test are so frequent that the broker may be back for some before the consumers are.
        await Eventually.Holds(async () => (await Health(bus)).Status.ShouldBe(HealthStatus.Healthy));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_exchange_that_was_deleted_is_declared_and_bound_again_and_what_was_said_meanwhile_arrives(bool ownersExchange)
    {
        await using var bus = await BusHost.Start(broker, bench, contracts =>
            contracts.Publish<ItemChanged>().Consume<ItemChanged, Notebook>(owner: Workbench.ServiceName));
        var ledger = await bench.Start(bench.Ledger(new() { Lease = TimeSpan.FromSeconds(1) }));
        await bench.Start(new OutboxDispatcher(bench.Database, bench.Handed, bench.Messages, bus.Bus,
            Options.Create(new OutboxOptions
            {
                SweepInterval = TimeSpan.FromMilliseconds(50), PauseAfterFailure = TimeSpan.FromMilliseconds(50),
                Lease = TimeSpan.FromSeconds(1),
            }), Failpoints.None, TimeProvider.System, NullLogger<OutboxDispatcher>.Instance));
        await Append();

        await BusHost.AtBroker(broker, async channel =>
        {
            await channel.ExchangeDeleteAsync(ownersExchange ? bus.ExchangeName : broker.Prefix + BusHost.Queue);
            return true;
        });
        await Append();
        await Append();
        await bench.StopAll();

        async Task Append()
        {
            var append = Workbench.Item(Guid.CreateVersion7(), 1);
            await ledger.Append(append, CancellationToken.None);
            await Eventually.Holds(() => bus.Notebook.Consumed.ShouldContain(item => item.Id == append.AggregateId));
        }
    }

    Task<BusHost> Start(Uri? address = null) => BusHost.Start(broker, bench, contracts =>
        contracts.Consume<ItemChanged, TakingMessagesIn.Recorder>(owner: Workbench.ServiceName), address);

    static Task<HealthCheckResult> Health(BusHost bus) => bus.Host.Services.GetRequiredService<ConsumerLiveness>().CheckHealthAsync(new());
}
