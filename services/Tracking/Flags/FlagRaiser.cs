using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

/// <summary>
/// Raises the flags of requests that become overdue by time alone, at the instant the limit passes, and refreshes the metric of flags.
/// Any number of replicas may run it: whichever locks a request's row raises its flags, and the others skip the row.
/// </summary>
sealed partial class FlagRaiser(
    FactsStore store, FlagGauge gauge, IOptions<TrackingOptions> options, TimeProvider time, ILogger<FlagRaiser> log) : BackgroundService
{
    // Requests in one transaction.
    const int BatchSize = 256;
    static readonly TimeSpan GaugeInterval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? counted = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            DateTimeOffset? next = null;
            try
            {
                while (await store.RaiseFlags(BatchSize, stoppingToken) == BatchSize)
                    stoppingToken.ThrowIfCancellationRequested();
                next = await store.NextFlagAt(stoppingToken);
                if (counted is null || time.GetElapsedTime(counted.Value) >= GaugeInterval)
                {
                    await gauge.Refresh(stoppingToken);
                    counted = time.GetTimestamp();
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Late(e); // The rows still say what is due; the next round raises it at the same instant.
            }
            await Task.Delay(Pause(next), time, stoppingToken);
        }
    }

    // Up to the very instant, but not longer than the interval, because meanwhile requests come in and a test may set the clock.
    TimeSpan Pause(DateTimeOffset? next) =>
        next - time.GetUtcNow() is { } until && until > TimeSpan.Zero && until < options.Value.Interval
            ? until + TimeSpan.FromMilliseconds(1) : options.Value.Interval;

    [LoggerMessage(3001, LogLevel.Error, "Flags could not be raised and will be in the next round")]
    partial void Late(Exception e);
}
