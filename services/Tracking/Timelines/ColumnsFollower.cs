using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

/// <summary>Fills the columns at start and keeps them near the head, so that a question finds little left to bring in.</summary>
sealed partial class ColumnsFollower(FactsColumns columns, IOptions<TrackingOptions> options, TimeProvider time, ILogger<ColumnsFollower> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await columns.CatchUp(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Behind(e); // The next round, or the next question, goes on where this one stopped.
            }
            await Task.Delay(options.Value.Interval, time, stoppingToken);
        }
    }

    [LoggerMessage(3012, LogLevel.Error, "Changes of facts could not be read into memory and will be in the next round")]
    partial void Behind(Exception e);
}

/// <summary>Ready when filled: until then other replicas answer sooner. A question that comes all the same waits for it.</summary>
sealed class ColumnsHealth(FactsColumns columns) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(columns.IsFilled ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("facts are still being read into memory"));
}
