using Exchange.Platform;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

/// <summary>Fills the columns at start and keeps them near the head, so that a question finds little left to bring in.</summary>
sealed partial class ColumnsFollower(FactsColumns columns, IOptions<TrackingOptions> options, TimeProvider time, ILogger<ColumnsFollower> log)
    : PeriodicWorker(time, options.Value.Interval)
{
    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        await columns.CatchUp(stop);
        return options.Value.Interval;
    }

    // The next round, or the next question, goes on where this one stopped.
    protected override void Failed(Exception e) => Behind(e);

    [LoggerMessage(3012, LogLevel.Error, "Changes of facts could not be read into memory and will be in the next round")]
    partial void Behind(Exception e);
}

/// <summary>Ready when filled: until then other replicas answer sooner. A question that comes all the same waits for it.</summary>
sealed class ColumnsHealth(FactsColumns columns) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(columns.IsFilled ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("facts are still being read into memory"));
}
