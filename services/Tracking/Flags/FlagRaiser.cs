using Exchange.Platform;
using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

/// <summary>
/// Raises the flags of requests that become overdue by time alone, at the instant the limit passes, and refreshes the metric of flags.
/// Any number of replicas may run it: whichever locks a request's row raises its flags, and the others skip the row.
/// </summary>
sealed partial class FlagRaiser(
    FactsStore store, FlagGauge gauge, IOptions<TrackingOptions> options, TimeProvider time, ILogger<FlagRaiser> log)
    : PeriodicWorker(time, options.Value.Interval)
{
    // Requests in one transaction.
    const int BatchSize = 256;
    static readonly TimeSpan GaugeInterval = TimeSpan.FromSeconds(30);

    long? counted;

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        while (await store.RaiseFlags(BatchSize, stop) == BatchSize)
            stop.ThrowIfCancellationRequested();
        var next = await store.NextFlagAt(stop);
        if (counted is null || Time.GetElapsedTime(counted.Value) >= GaugeInterval)
        {
            await gauge.Refresh(stop);
            counted = Time.GetTimestamp();
        }
        return Pause(next);
    }

    // The rows still say what is due; the next round raises it at the same instant.
    protected override void Failed(Exception e) => Late(e);

    // Up to the very instant, but not longer than the interval, because meanwhile requests come in and a test may set the clock.
    TimeSpan Pause(DateTimeOffset? next) =>
        next - Time.GetUtcNow() is { } until && until > TimeSpan.Zero && until < options.Value.Interval
            ? until + TimeSpan.FromMilliseconds(1) : options.Value.Interval;

    [LoggerMessage(3001, LogLevel.Error, "Flags could not be raised and will be in the next round")]
    partial void Late(Exception e);
}
