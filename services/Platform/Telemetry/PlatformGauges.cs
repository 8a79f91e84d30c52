using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>
/// The meter <c>Exchange.Platform</c>: what waits and what was set aside. Counted at intervals, for whoever scrapes waits for
/// no database. Every replica says the same, so a dashboard takes the largest and not the sum.
/// </summary>
public sealed partial class PlatformGauges : PeriodicWorker
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    readonly ConcurrentDictionary<string, long> deadLetters = [];
    readonly ConcurrentDictionary<string, long> behind = [];
    readonly Outbox outbox;
    readonly ParkedMessageStore parkedMessages;
    readonly ILogger<PlatformGauges> log;
    long parked;
    long waiting;
    double oldestAge;

    public PlatformGauges(Outbox outbox, ParkedMessageStore parkedMessages, TimeProvider time, ILogger<PlatformGauges> log)
        : base(time, Interval)
    {
        (this.outbox, this.parkedMessages, this.log) = (outbox, parkedMessages, log);
        Meter.CreateObservableGauge("exchange.parked.messages", () => Volatile.Read(ref parked), "{message}",
            "Messages that could not be consumed and were set aside");
        Meter.CreateObservableGauge("exchange.dead_letters", () => Measurements(deadLetters, "exchange.endpoint"), "{message}",
            "Messages that wait for the quarantine");
        Meter.CreateObservableGauge("exchange.outbox.waiting", () => Volatile.Read(ref waiting), "{message}",
            "Messages committed and not yet confirmed by the broker");
        Meter.CreateObservableGauge("exchange.outbox.oldest.age", () => Volatile.Read(ref oldestAge), "s",
            "How long the oldest of them has waited");
        Meter.CreateObservableGauge("exchange.follow.behind", () => Measurements(behind, "exchange.journal"), "{entry}",
            "Sealed entries of another journal that were not consumed yet");
    }

    internal Meter Meter { get; } = new("Exchange.Platform");

    /// <summary>Sets how many messages wait in the endpoint's dead-letter queue.</summary>
    public void DeadLetters(string endpoint, long count) => deadLetters[endpoint] = count;

    /// <summary>Sets the lag: how many sealed entries of the journal are not consumed yet.</summary>
    public void Behind(string journal, long count) => behind[journal] = count;

    public override void Dispose()
    {
        Meter.Dispose();
        base.Dispose();
    }

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        await Count(stop);
        return Interval;
    }

    protected override void Failed(Exception e) => NotCounted(e);

    /// <summary>Counts anew what the database knows.</summary>
    internal async Task Count(CancellationToken ct)
    {
        Volatile.Write(ref parked, await parkedMessages.Count(ct));
        var (count, oldest) = await outbox.Waiting(ct);
        Volatile.Write(ref waiting, count);
        Volatile.Write(ref oldestAge, oldest is { } since ? Math.Max(0, (Time.GetUtcNow() - since).TotalSeconds) : 0);
    }

    static IEnumerable<Measurement<long>> Measurements(ConcurrentDictionary<string, long> counts, string tag) =>
        counts.Select(count => new Measurement<long>(count.Value, new KeyValuePair<string, object?>(tag, count.Key)));

    [LoggerMessage(1090, LogLevel.Warning, "Parked messages and the outbox could not be counted; the metrics keep their last values")]
    partial void NotCounted(Exception e);
}
