using Exchange.Testing;

namespace Exchange.Platform.Tests;

/// <summary>Messages flow out one after the other, by several dispatchers at once, and are not torn off at the end.</summary>
public sealed class FlowingOut : IAsyncLifetime
{
    const int Many = 2_000;

    OutboxBench outbox = null!;

    public async ValueTask InitializeAsync()
    {
        outbox = await OutboxBench.Create();
        await outbox.BindListener();
    }

    public async ValueTask DisposeAsync() => await outbox.DisposeAsync();

    [Fact]
    public async Task Three_dispatchers_on_one_database_publish_what_a_ledger_writes_once_each()
    {
        await outbox.StartDispatcher();
        await outbox.StartDispatcher(new(TimeProvider.System));
        await outbox.StartDispatcher(new(TimeProvider.System));
        var ledger = await outbox.Bench.Start(outbox.Bench.Ledger(new() { Lease = TimeSpan.FromMinutes(5) }));

        await Task.WhenAll(Enumerable.Range(0, 500)
            .Select(_ => ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None)));

        await Eventually.Holds(async () => (await outbox.Waiting()).ShouldBe(0));
        (await outbox.Heard()).ShouldBe(500u);
    }

    [Fact]
    public async Task One_that_stops_leaves_no_message_both_published_and_waiting()
    {
        await HandMany();
        var dispatcher = await outbox.StartDispatcher();
        await Eventually.Holds(async () => (await outbox.Heard()).ShouldBeGreaterThan(0u));

        await dispatcher.StopAsync(CancellationToken.None);

        var waiting = await outbox.Waiting();
        await Eventually.Holds(async () => (await outbox.Heard()).ShouldBe((uint)(Many - waiting)));
    }

    [Fact]
    public async Task What_one_left_when_it_stopped_another_publishes()
    {
        await HandMany();
        var dispatcher = await outbox.StartDispatcher();
        await Eventually.Holds(async () => (await outbox.Heard()).ShouldBeGreaterThan(0u));
        await dispatcher.StopAsync(CancellationToken.None);
        await outbox.Bench.Run("UPDATE outbox SET leased_until = now()");

        await outbox.StartDispatcher(new(TimeProvider.System));

        await Eventually.Holds(async () => (await outbox.Waiting()).ShouldBe(0));
        (await outbox.Heard()).ShouldBeGreaterThanOrEqualTo((uint)Many);
    }

    /// <summary>Commits messages and hands them over, as a ledger does.</summary>
    async Task HandMany()
    {
        var messages = outbox.Compose(Many);
        await outbox.Write(messages, TimeSpan.FromHours(1));
        outbox.Bench.Handed.Enqueue(messages, DateTimeOffset.MaxValue);
    }
}
