using Microsoft.Extensions.Options;

namespace Exchange.Tracking;

/// <summary>
/// Raises flags at the instant time alone has made a request overdue. Any number of replicas may run it: whoever locks a
/// request's row raises its flags, and the others pass it by.
/// </summary>
sealed partial class FlagWatch(
    FactsStore store, FlagGauge gauge, IOptions<TrackingOptions> options, TimeProvider time, ILogger<FlagWatch> log) : BackgroundService
{
    const int AtOnce = 256;
    static readonly TimeSpan CountedEvery = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? counted = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            DateTimeOffset? next = null;
            try
            {
                while (await store.RaiseFlags(AtOnce, stoppingToken) == AtOnce)
                    stoppingToken.ThrowIfCancellationRequested();
                next = await store.NextFlagAt(stoppingToken);
                if (counted is null || time.GetElapsedTime(counted.Value) >= CountedEvery)
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

    // Up to the very instant, but no longer than the interval: meanwhile requests come in, and a clock may be set.
    TimeSpan Pause(DateTimeOffset? next) =>
        next - time.GetUtcNow() is { } until && until > TimeSpan.Zero && until < options.Value.Interval
            ? until + TimeSpan.FromMilliseconds(1) : options.Value.Interval;

    [LoggerMessage(3001, LogLevel.Error, "Flags could not be raised and will be in the next round")]
    partial void Late(Exception e);
}
