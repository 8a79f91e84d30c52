using System.Data;
using Exchange.Client;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// Compares the rows that follow from the versions of requests, which are their newest version and their flags, with those versions.
/// </summary>
static class DerivedRows
{
    sealed record Newest(FactsStore.Row Row, DateTimeOffset? NextFlagAt);

    /// <summary>The requests whose rows are not what their versions give at an instant; all read from one snapshot.</summary>
    public static async Task<List<Guid>> Compare(
        Database database, Guid[] requests, DateTimeOffset now, ReferenceData reference, RebuildFindings findings, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var tx = new Transaction(connection, ct);
        var facts = (await tx.Query($"SELECT {FactsStore.ColumnNames}, next_flag_at FROM facts WHERE request_id = ANY($1)", [requests],
            row => new Newest(FactsStore.Row.Of(row), row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8))))
            .ToDictionary(one => one.Row.Id);
        var flags = (await tx.Query(
            "SELECT request_id, limit_kind, due_on, raised_at, origin, cleared_on FROM flags WHERE request_id = ANY($1)", [requests],
            row => new Flag(row.GetGuid(0), (LimitKind)row.GetInt32(1), row.GetFieldValue<DateOnly>(2),
                row.GetFieldValue<DateTimeOffset>(3),
                (Origin)row.GetInt32(4), row.IsDBNull(5) ? null : row.GetFieldValue<DateOnly>(5)))).ToLookup(flag => flag.RequestId);
        var versions = await tx.Query(
            "SELECT request_id, body FROM facts_versions WHERE request_id = ANY($1) ORDER BY request_id, version", [requests],
            row => (Id: row.GetGuid(0), Facts: FactsExtensions.TryParse(row.GetFieldValue<byte[]>(1))));

        List<Guid> wrong = [];
        foreach (var known in versions.GroupBy(version => version.Id, version => version.Facts))
        {
            // A version that cannot be read was found to differ before; unless this is a check, it is repaired by now.
            if (known.Any(version => version is null))
                continue;
            var before = findings.Differed;
            CompareOne([.. known.OfType<RequestFacts>()], facts.GetValueOrDefault(known.Key), [.. flags[known.Key]], now, reference,
                findings);
            if (findings.Differed > before)
                wrong.Add(known.Key);
        }
        findings.Compared(facts.Count + flags.Sum(g => g.Count()));
        return wrong;
    }

    static void CompareOne(
        List<RequestFacts> known, Newest? stored, IReadOnlyList<Flag> flags, DateTimeOffset now, ReferenceData reference,
        RebuildFindings findings)
    {
        var newest = known[^1];
        if (stored is null || !FactsStore.Row.Of(newest).SameAs(stored.Row))
            findings.Differs("facts", newest.Request, newest.Version, stored is null ? "missing" : "differs");
        // The flag of a limit that passes at this very instant is about to be raised, and is no difference.
        if (stored?.NextFlagAt is { } next && next <= now)
            return;
        if (stored is not null && Flag.NextAt(newest, now, reference) != stored.NextFlagAt)
            findings.Differs("facts", newest.Request, newest.Version, "differs");
        var expected = Flag.Of(known, now, reference).ToHashSet();
        foreach (var flag in expected.Except(flags))
            findings.Differs("flags", newest.Request, 0,
                flags.Any(other => (other.Kind, other.DueOn) == (flag.Kind, flag.DueOn)) ? "differs" : "missing");
        foreach (var flag in flags.Where(flag => !expected.Any(other => (other.Kind, other.DueOn) == (flag.Kind, flag.DueOn))))
            findings.Differs("flags", newest.Request, 0, "differs");
    }
}
