using Exchange.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

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

    Task<BusHost> Start(Uri? address = null) => BusHost.Start(broker, bench.Source, contracts =>
        contracts.Consume<ItemChanged, TakingMessagesIn.Recorder>(), address);

    static Task<HealthCheckResult> Health(BusHost bus) => bus.Host.Services.GetRequiredService<ConsumerLiveness>().CheckHealthAsync(new());
}
