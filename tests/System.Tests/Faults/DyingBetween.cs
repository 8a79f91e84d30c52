using Exchange.Platform;
using Exchange.Testing;

namespace Exchange.System.Tests.Faults;

/// <summary>
/// T2: a process dies between commit and dispatch, between the broker's confirmation and the deletion, and between the
/// taking in and its acknowledgement. One of each service: nobody else is there to bring it to an end.
/// </summary>
public sealed class DyingBetween : IAsyncLifetime
{
    const int Killed = 137;

    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync() =>
        exchange = await RunningExchange.Start(
            settings: new Dictionary<string, string?> { ["DOTNET_ENVIRONMENT"] = TestingClock.Environment });

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Fact]
    public async Task Loses_nothing_and_does_nothing_twice()
    {
        using var client = new RecordingClient(exchange);
        var officers = new OfficersAtWork(client).Begin(8);
        await officers.Answer(1);
        await DieAt(exchange.Requests, Failpoints.LedgerCommitted, officers);
        await DieAt(exchange.Requests, Failpoints.OutboxConfirmed, officers);
        await DieAt(exchange.Tracking, Failpoints.BatchConsumed, officers);
        await DieAt(exchange.Correlation, Failpoints.BatchConsumed, officers);
        await officers.End();
        await exchange.Settled();

        client.Repeats.ShouldBeGreaterThan(0);
        (await new Checker(exchange, client).Faults()).ShouldBeEmpty();
    }

    static async Task DieAt(ServiceProcess process, string place, OfficersAtWork officers)
    {
        await process.Kill();
        for (var round = 1; round <= FaultRun.Rounds(shortly: 4, fully: 250); round++)
        {
            process.Set("Testing__Failpoints", $"{place}={round % 7 + 1}");
            (await process.Die()).ShouldBe(Killed);
        }
        process.Set("Testing__Failpoints", null);
        await process.Restart();
        await officers.Answer(1);
    }
}
