using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>T1: two processes of each service, and every one of them killed in turn while officers work.</summary>
public sealed class KillingServices : IAsyncLifetime
{
    RunningExchange exchange = null!;

    public async Task InitializeAsync() => exchange = await RunningExchange.Start(each: 2);

    public async Task DisposeAsync() => await exchange.DisposeAsync();

    [Fact]
    public async Task Loses_nothing_and_does_nothing_twice()
    {
        using var client = new RecordingClient(exchange);
        var officers = new OfficersAtWork(client).Begin(8);
        await officers.Answer(5);
        for (var round = 0; round < FaultRun.Rounds(shortly: 1, fully: 30); round++)
        {
            foreach (var service in new[] { "requests", "tracking", "correlation" })
            {
                foreach (var process in exchange.Replicas(service))
                {
                    await process.Kill();
                    await officers.Answer(3);
                    await process.Restart();
                }
            }
        }
        await officers.End();
        await exchange.Settled();

        client.Repeats.ShouldBeGreaterThan(0);
        (await new Checker(exchange, client).Faults()).ShouldBeEmpty();
    }
}
