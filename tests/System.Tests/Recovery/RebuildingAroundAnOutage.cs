using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>A rebuild reads another service: it says when that is away, and runs as soon as it is back.</summary>
public sealed class RebuildingAroundAnOutage : IAsyncLifetime
{
    const int Unavailable = 6;

    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync() => exchange = await RunningExchange.Start();

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Fact]
    public async Task Says_that_Requests_is_away_and_runs_once_it_is_back()
    {
        await exchange.Requests.Stop();

        var away = await exchange.Try("rebuild", "tracking", "--check", "--as", "operator");

        away.ExitCode.ShouldBe(Unavailable);
        away.Errors.ShouldContain("reason: NEEDED_SERVICE_AWAY");
        await exchange.Requests.Restart();
        await exchange.Run("rebuild", "tracking", "--check", "--as", "operator");
        await exchange.Run("rebuild", "correlation", "--check", "--as", "operator");
        // An operator who accepts the journal asks Requests before he has it compared.
        await exchange.Requests.Stop();
        (await exchange.Try("restore", "accept", "--yes", "--as", "operator")).Errors.ShouldContain("reason: NEEDED_SERVICE_AWAY");
        await exchange.Requests.Restart();
        await exchange.Run("restore", "accept", "--yes", "--as", "operator");
    }
}
