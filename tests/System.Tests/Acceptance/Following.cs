using Exchange.Correlation.V1;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;

namespace Exchange.System.Tests;

/// <summary>Waiting for what happens behind an answer.</summary>
static class Following
{
    // Only for giving up: on a busy machine two minutes were not enough once after the network had been broken.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Until everything written is sealed and both consumers have taken all of it in.</summary>
    public static async Task Settled(this RunningExchange exchange)
    {
        using var toRequests = exchange.Connect(exchange.Requests, "operator");
        using var toTracking = exchange.Connect(exchange.Tracking, "operator");
        using var toCorrelation = exchange.Connect(exchange.Correlation, "operator");
        await Eventually.Holds(async () =>
        {
            var tracking = await new ResponseTracking.ResponseTrackingClient(toTracking).GetStatusAsync(new());
            var correlation = await new CaseCorrelation.CaseCorrelationClient(toCorrelation).GetStatusAsync(new());
            // Asked last: Correlation reads subjects before it moves on, and each reading is an entry of its own.
            var requests = await new RequestRegistry.RequestRegistryClient(toRequests).GetStatusAsync(new());
            requests.Unsealed.ShouldBe(0);
            requests.Outbox.ShouldBe(0);
            tracking.SealedNo.ShouldBe(requests.SealedNo);
            correlation.SealedNo.ShouldBe(requests.SealedNo);
        }, Patience);
    }

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
