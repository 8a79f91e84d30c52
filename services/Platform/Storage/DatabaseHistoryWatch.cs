using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>
/// Keeps what is known of restores up to date in every process, so that writing goes on in all of them when a restored
/// database has been compared with the others. Metrics: <c>exchange.history.restored</c> and <c>exchange.history.went_back</c>, 1 while an
/// operator must see to it.
/// </summary>
sealed partial class DatabaseHistoryWatch : PeriodicWorker
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    readonly Meter meter = new("Exchange.History");
    readonly DatabaseHistory history;
    readonly ILogger<DatabaseHistoryWatch> log;

    public DatabaseHistoryWatch(DatabaseHistory history, TimeProvider time, ILogger<DatabaseHistoryWatch> log)
        : base(time, Interval)
    {
        (this.history, this.log) = (history, log);
        meter.CreateObservableGauge("exchange.history.restored", () => history.Closed ? 1 : 0,
            description: "Restored from a copy and not yet compared with the other services");
        meter.CreateObservableGauge("exchange.history.went_back", () => history.WentBack ? 1 : 0,
            description: "A followed journal no longer holds what was read in it");
    }

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        await history.Look(stop);
        return Interval;
    }

    protected override void Failed(Exception e) => NotSeen(e);

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    [LoggerMessage(1073, LogLevel.Warning,
        "Whether the database, or a followed journal, was restored could not be looked up; trying again")]
    partial void NotSeen(Exception e);
}

/// <summary>Degraded and not down: reading stays possible, and comparing needs it.</summary>
sealed class DatabaseHistoryHealth(DatabaseHistory history) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(history.Attention is []
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(string.Join(" ", history.Attention)));
}
