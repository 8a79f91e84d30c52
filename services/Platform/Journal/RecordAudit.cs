using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>
/// Goes through the journal and the state tables again and again, a page a round, and notes what this service did not write: entries that
/// are neither sealed nor wait for it, rows that were changed, put back or removed. One replica at a time does it. Metric:
/// <c>exchange.record.findings</c>, what stands.
/// </summary>
sealed partial class RecordAudit : PeriodicWorker
{
    const long Lock = 0x45584348_41554449; // "EXCHAUDI"

    readonly Meter meter = new("Exchange.Record");
    readonly Database database;
    readonly Journal journal;
    readonly StateRows rows;
    readonly RecordFindings findings;
    readonly IReadOnlyList<StateTable> tables;
    readonly LedgerOptions options;
    readonly ILogger<RecordAudit> log;
    readonly Dictionary<StateTable, Guid> seen = [];
    (Guid AggregateId, int Version) reached;
    AdvisoryLock? sole;

    public RecordAudit(
        Database database, Journal journal, StateRows rows, RecordFindings findings, IReadOnlyList<StateTable> tables,
        IOptions<LedgerOptions> options, TimeProvider time, ILogger<RecordAudit> log)
        : base(time, options.Value.AuditInterval)
    {
        (this.database, this.journal, this.rows, this.findings) = (database, journal, rows, findings);
        (this.tables, this.options, this.log) = (tables, options.Value, log);
        meter.CreateObservableGauge("exchange.record.findings", () => findings.Standing.Select(one =>
            new Measurement<long>(one.Value, new KeyValuePair<string, object?>("exchange.kind", one.Key))), "{finding}",
            "Rows and journal entries that this service did not write");
    }

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        sole ??= await AdvisoryLock.TryAcquire(database, Lock, stop);
        if (sole is not null)
        {
            await sole.EnsureHeld(stop);
            await AuditEntries(stop);
            foreach (var table in tables)
                await AuditRows(table, stop);
        }
        await findings.Look(stop);
        return options.AuditInterval;
    }

    protected override void Failed(Exception e) => NotAudited(e);

    protected override async ValueTask Release()
    {
        if (sole is { } held)
        {
            sole = null;
            await held.DisposeAsync();
        }
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    async Task AuditEntries(CancellationToken ct)
    {
        var page = await journal.Page(reached, options.AuditSize, ct);
        reached = page.Count == options.AuditSize ? page[^1] : default;
        var known = (await findings.StandingEntries(ct)).Select(Parse);
        var unordered = (await journal.Unordered([.. page.Concat(known).Distinct()], ct))
            .Select(one => $"{one.AggregateId}/{one.Version}").ToList();
        foreach (var entry in unordered)
            await findings.Note(RecordFindings.Entry, entry, mended: false, ct);
        await findings.EndEntries(unordered, ct);
        if (tables.Count > 0)
            await AuditMissingRows([.. page.Where(one => one.Version == 1).Select(one => one.AggregateId)], ct);
    }

    async Task AuditMissingRows(Guid[] aggregates, CancellationToken ct)
    {
        var without = string.Concat(tables.Select(table => $" AND NOT EXISTS (SELECT FROM {table.Name} WHERE id = j.aggregate_id)"));
        foreach (var id in await database.Query(
            $"SELECT aggregate_id FROM journal j WHERE version = 1 AND aggregate_id = ANY($1){without}", [aggregates],
            row => row.GetGuid(0), ct))
            await Mend(() => rows.MendMissing(id, ct));
    }

    async Task AuditRows(StateTable table, CancellationToken ct)
    {
        var page = await rows.Unsound(table, seen.GetValueOrDefault(table), options.AuditSize, ct);
        seen[table] = page.Last;
        foreach (var id in page.Unsound)
            await Mend(() => rows.Mend(table, id, ct));
    }

    static async Task Mend(Func<Task> mend)
    {
        try
        {
            await mend();
        }
        catch (Refusal refusal) when (refusal.Kind is RefusalKind.Damaged)
        {
            // Noted, and the others are looked at as well.
        }
    }

    static (Guid, int) Parse(string subject) => (Guid.Parse(subject.AsSpan(0, subject.IndexOf('/', StringComparison.Ordinal))),
        int.Parse(subject.AsSpan(subject.IndexOf('/', StringComparison.Ordinal) + 1), System.Globalization.CultureInfo.InvariantCulture));

    [LoggerMessage(1122, LogLevel.Warning, "Journal and state could not be audited; trying again")]
    partial void NotAudited(Exception e);
}

/// <summary>Degraded and not down: what is sound can be worked with, and a service that is down tells nobody of it.</summary>
sealed class RecordHealth(RecordFindings findings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(findings.Attention is [] ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(string.Join(" ", findings.Attention)));
}
