using Exchange.Platform;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

/// <summary>
/// Fills the column store at start and keeps it near the head of the database, so that a query has little left to read. Also writes
/// anew the stored timelines that were found outdated, which queries leave to it.
/// </summary>
sealed partial class ColumnStoreFollower(
    LiveColumnStore store, IOptions<TrackingOptions> options, TimeProvider time, ILogger<ColumnStoreFollower> log)
    : PeriodicWorker(time, options.Value.Interval)
{
    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        await store.CatchUp(stop);
        await store.RewriteOutdated(stop);
        return options.Value.Interval;
    }

    // The next round, or the next query, goes on where this one stopped.
    protected override void Failed(Exception e) => Behind(e);

    [LoggerMessage(3012, LogLevel.Error, "Changes of facts could not be read into memory and will be in the next round")]
    partial void Behind(Exception e);
}

/// <summary>
/// Ready when the store is filled: until then other replicas answer sooner. A query that comes all the same waits for it.
/// </summary>
sealed class ColumnStoreHealth(LiveColumnStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.IsFilled ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("facts are still being read into memory"));
}
