using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>What the command line prints of an exchange.</summary>
static class PrintedTables
{
    /// <summary>The three tables as the command line prints them.</summary>
    public static async Task ShouldShow(
        this RunningExchange exchange, string asOf, IReadOnlyList<IReadOnlyDictionary<string, string>> turnaround,
        IReadOnlyList<IReadOnlyDictionary<string, string>> rates, IReadOnlyList<IReadOnlyDictionary<string, string>> unanswered)
    {
        Tables.Parse(await exchange.Run("turnaround", "--by", "partner", "--as-of", asOf, "--format", "csv")).ShouldEqual(turnaround);
        Tables.Parse(await exchange.Run("turnaround", "--by", "partner", "--as-of", asOf, "--rates", "--format", "csv")).ShouldEqual(rates);
        Tables.Parse(await exchange.Run("unanswered", "--bloc", "EU", "--as-of", asOf, "--format", "csv")).ShouldEqual(unanswered);
    }
}
