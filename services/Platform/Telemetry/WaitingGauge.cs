using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>
/// What waits in this service, as metrics: <c>exchange.outbox.waiting</c> and <c>exchange.outbox.oldest.age</c> (seconds, 0 when
/// nothing waits) for the broker, <c>exchange.parked.messages</c> by type for an operator. Counted in the database, so every
/// replica says the same and a dashboard takes the largest, not the sum.
/// </summary>
sealed partial class WaitingGauge : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    readonly Outbox outbox;
    readonly Parking parking;
    readonly TimeProvider time;
    readonly ILogger<WaitingGauge> log;

    volatile IReadOnlyList<Measurement<long>> parked = [];
    volatile IReadOnlyList<Measurement<long>> waiting = [];
    volatile IReadOnlyList<DateTimeOffset> oldest = [];

    public WaitingGauge(Outbox outbox, Parking parking, TimeProvider time, ILogger<WaitingGauge> log)
    {
        (this.outbox, this.parking, this.time, this.log) = (outbox, parking, time, log);
        Meter.CreateObservableGauge("exchange.outbox.waiting", () => waiting, "{message}", "Messages committed and not yet confirmed by the broker");
        Meter.CreateObservableGauge("exchange.outbox.oldest.age", Ages, "s", "How long the oldest of them has waited");
        Meter.CreateObservableGauge("exchange.parked.messages", () => parked, "{message}", "Messages set aside because they could not be taken in");
    }

    public Meter Meter { get; } = new("Exchange.Waiting");

    /// <summary>Counts anew, for whoever scrapes waits for no database.</summary>
    public async Task Refresh(CancellationToken ct)
    {
        var (count, since) = await outbox.Waiting(ct);
        var byType = await parking.CountByType(ct);
        (waiting, oldest) = ([new(count)], [since ?? DateTimeOffset.MaxValue]);
        // A type of which nothing is parked any more is told as 0, or its last number would stand.
        var cleared = parked.Select(m => (string)m.Tags[0].Value!).Except(byType.Select(p => p.Type)).Select(type => (Type: type, Count: 0L));
        parked = [.. byType.Concat(cleared).Select(p => new Measurement<long>(p.Count, new KeyValuePair<string, object?>("exchange.message_type", p.Type)))];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Refresh(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                NotCounted(e);
            }
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    public override void Dispose()
    {
        Meter.Dispose();
        base.Dispose();
    }

    /// <summary>Reckoned when asked: it goes on growing while the database is away.</summary>
    IEnumerable<Measurement<double>> Ages()
    {
        var now = time.GetUtcNow();
        return oldest.Select(since => new Measurement<double>(since < now ? (now - since).TotalSeconds : 0));
    }

    [LoggerMessage(1080, LogLevel.Warning, "What waits could not be counted; the metrics keep the last numbers")]
    partial void NotCounted(Exception e);
}
