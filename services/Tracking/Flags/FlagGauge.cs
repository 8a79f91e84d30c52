using System.Diagnostics.Metrics;
using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>
/// The metric <c>exchange.flags.standing</c>: requests whose policy limit has passed unanswered, by the two states; none of
/// a register. Every replica says the same, so a dashboard takes the largest and not the sum.
/// </summary>
sealed class FlagGauge : IDisposable
{
    readonly Database database;
    volatile IReadOnlyList<Measurement<long>> standing = [];

    public FlagGauge(Database database)
    {
        this.database = database;
        Meter.CreateObservableGauge("exchange.flags.standing", () => standing, "{request}",
            "Requests whose policy limit has passed unanswered");
    }

    public Meter Meter { get; } = new("Exchange.Tracking");

    /// <summary>Counts again. Separate from the scraping of the metric, which must not wait for a database.</summary>
    public async Task Refresh(CancellationToken ct)
    {
        var counted = await database.Query(
            """
            SELECT f.requesting_state, f.requested_state, count(*) FROM flags g JOIN facts f USING (request_id)
            WHERE g.limit_kind = 1 AND g.cleared_on IS NULL AND g.origin = 1 GROUP BY 1, 2
            """, [],
            row => (From: row.GetString(0), To: row.GetString(1), Count: row.GetInt64(2)), ct);
        // A partner that owes nothing any more is measured as 0, or its last number would stay in the metric.
        var cleared = standing.Select(m => (From: (string)m.Tags[0].Value!, To: (string)m.Tags[1].Value!))
            .Except(counted.Select(c => (c.From, c.To))).Select(pair => (pair.From, pair.To, Count: 0L));
        standing = [.. counted.Concat(cleared).Select(c => new Measurement<long>(c.Count,
            new KeyValuePair<string, object?>("exchange.requesting_state", c.From), new KeyValuePair<string,
                object?>("exchange.requested_state", c.To)))];
    }

    public void Dispose() => Meter.Dispose();
}
