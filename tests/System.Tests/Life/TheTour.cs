using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>The README's tour, line by line, as a stranger would paste it.</summary>
public sealed class TheTour : IAsyncLifetime
{
    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync() => exchange = await RunningExchange.Start("BY", ["PL", "LT"]);

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Fact]
    public async Task Takes_a_stranger_through_a_request_as_four_people()
    {
        var readme = (await File.ReadAllTextAsync(Repository.PathOf("README.md"))).ReplaceLineEndings("\n");
        var section = readme[readme.IndexOf("## One request, four people", StringComparison.Ordinal)..];
        var lines = section.Split("```\n")[1];
        // The installation is another, and what it writes goes to a folder of the test's own.
        var script = Path.Combine(exchange.Home, "tour.sh");
        await File.WriteAllTextAsync(script, lines
            .Replace("exchange() { deploy/local/exchange \"$@\"; }",
                $"exchange() {{ dotnet '{Repository.AssemblyOf("Exchange.Cli", "exchange")}' \"$@\"; }}", StringComparison.Ordinal)
            .Replace(".local/", exchange.Home + "/", StringComparison.Ordinal));

        var told = await Command.Run("bash", ["-c", $"cd '{Repository.PathOf("")}' && set -euo pipefail && . '{script}'"],
            new Dictionary<string, string?> { ["EXCHANGE_HOME"] = exchange.Home, ["NO_COLOR"] = "1" });

        told.ShouldContain("is executed");
        told.ShouldContain("Jan Testowy");
        told.ShouldContain("requesting_side");
        (await File.ReadAllTextAsync(Path.Combine(exchange.Home, "lease-received.txt"))).ShouldBe("Lease of 1 March\n");
    }
}
