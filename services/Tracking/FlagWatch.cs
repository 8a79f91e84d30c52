using Exchange.Platform;
using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

/// <summary>
/// Raises flags at the instant time alone has made a request overdue. Any number of replicas may run it: whoever locks a
/// request's row raises its flags, and the others pass it by.
/// </summary>
sealed partial class FlagWatch(
    FactsStore store, FlagGauge gauge, IOptions<TrackingOptions> options, TimeProvider time, ILogger<FlagWatch> log)
    : PeriodicWorker(time, options.Value.Interval)
{
    const int AtOnce = 256;
    static readonly TimeSpan CountedEvery = TimeSpan.FromSeconds(30);

    long? counted;

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        while (await store.RaiseFlags(AtOnce, stop) == AtOnce)
            stop.ThrowIfCancellationRequested();
        var next = await store.NextFlagAt(stop);
        if (counted is null || Time.GetElapsedTime(counted.Value) >= CountedEvery)
        {
            await gauge.Refresh(stop);
            counted = Time.GetTimestamp();
        }
        return Pause(next);
    }

    // The rows still say what is due; the next round raises it at the same instant.
    protected override void Failed(Exception e) => Late(e);

    // Up to the very instant, but no longer than the interval: meanwhile requests come in, and a clock may be set.
    TimeSpan Pause(DateTimeOffset? next) =>
        next - Time.GetUtcNow() is { } until && until > TimeSpan.Zero && until < options.Value.Interval
            ? until + TimeSpan.FromMilliseconds(1) : options.Value.Interval;

    [LoggerMessage(3001, LogLevel.Error, "Flags could not be raised and will be in the next round")]
    partial void Late(Exception e);
}
