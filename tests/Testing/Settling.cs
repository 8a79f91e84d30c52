using Exchange.Correlation.V1;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Testing;

/// <summary>Waiting for what happens behind an answer.</summary>
public static class Settling
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
            var (seen, shouldBe) = (new[] { requests.Unsealed, requests.Outbox, tracking.SealedNo, correlation.SealedNo },
                new[] { 0, 0, requests.SealedNo, requests.SealedNo });
            if (!seen.SequenceEqual(shouldBe))
            {
                throw new InvalidOperationException("Unsealed, in the outbox, and read by Tracking and by Correlation are "
                    + $"{string.Join(", ", seen)} in place of {string.Join(", ", shouldBe)}.");
            }
        }, Patience);
    }
}
