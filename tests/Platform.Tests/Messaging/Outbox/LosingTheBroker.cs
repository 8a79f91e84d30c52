using Exchange.Testing;

namespace Exchange.Platform.Tests;

public sealed class LosingTheBroker
{
    [Fact]
    public async Task Rows_wait_while_it_is_away_and_go_out_when_it_is_back()
    {
        CuttingProxy? proxy = null;
        await using var outbox = await OutboxBench.Create(broker =>
        {
            proxy = CuttingProxy.Before(broker.Uri.Host, broker.Uri.Port);
            return new UriBuilder(broker.Uri) { Host = "127.0.0.1", Port = proxy.Port }.Uri;
        });
        await using var end = proxy!;
        await outbox.BindListener();
        await outbox.StartDispatcher();
        await outbox.Orphan();
        await Eventually.Holds(async () => (await outbox.Waiting()).ShouldBe(0));

        proxy!.GoAway();
        for (var n = 0; n < 10; n++)
            await outbox.Orphan();
        await Eventually.Holds(() => proxy.Refused.ShouldBeGreaterThan(0));
        (await outbox.Waiting()).ShouldBe(10);
        proxy.ComeBack();

        await Eventually.Holds(async () => (await outbox.Waiting()).ShouldBe(0), TimeSpan.FromSeconds(60));
        (await outbox.Heard()).ShouldBeGreaterThanOrEqualTo(11u);
    }
}
