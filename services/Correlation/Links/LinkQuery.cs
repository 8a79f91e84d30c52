using Exchange.Correlation.V1;
using Exchange.Platform;
using Exchange.Requests.V1;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exchange.Correlation;

/// <summary>
/// Finds the pairs when they are asked for and never keeps them: so a value that grows too common takes its links away,
/// and the answer does not depend on the order in which requests arrived.
/// </summary>
sealed class LinkQuery(Database database, IOptions<CorrelationOptions> options)
{
    // $1 state, $2 and $3 the pair the page before ended with, $4 pairs wanted, $5 cap, $6 requests closed to the caller, $7 the one
    // case. How common a value is depends on nobody who asks, so there the closed ones count.
    const string NotTooCommon =
        """
        (SELECT count(*) FROM (
          SELECT DISTINCT c.case_number FROM identifiers c
          WHERE c.requesting_state = m.requesting_state AND c.kind = m.kind AND c.key_version = m.key_version AND c.hash = m.hash
          LIMIT $5 + 1) AS cases) <= $5
        """;

    const string SameValue =
        """
        o.requesting_state = m.requesting_state AND o.kind = m.kind AND o.key_version = m.key_version AND o.hash = m.hash
          AND NOT (m.request_id = ANY($6)) AND NOT (o.request_id = ANY($6))
        """;

    const string PairsOfAll =
        $"""
        SELECT DISTINCT m.case_number AS a, o.case_number AS b
        FROM identifiers m JOIN identifiers o ON {SameValue} AND o.case_number > m.case_number
        WHERE m.requesting_state = $1 AND m.case_number >= $2 AND (m.case_number, o.case_number) > ($2, $3) AND {NotTooCommon}
        ORDER BY a, b LIMIT $4
        """;

    const string PairsOfOne =
        $"""
        SELECT a, b FROM (
          SELECT DISTINCT least(m.case_number, o.case_number) AS a, greatest(m.case_number, o.case_number) AS b
          FROM identifiers m JOIN identifiers o ON {SameValue} AND o.case_number <> m.case_number
          WHERE m.requesting_state = $1 AND m.case_number = $7 AND {NotTooCommon}) AS pairs
        WHERE (a, b) > ($2, $3)
        ORDER BY a, b LIMIT $4
        """;

    const string SharedOfPairs =
        $"""
        SELECT p.a, p.b, m.kind, min(m.request_id::text), min(o.request_id::text)
        FROM pairs p
        JOIN identifiers m ON m.requesting_state = $1 AND m.case_number = p.a
        JOIN identifiers o ON {SameValue} AND o.case_number = p.b
        WHERE {NotTooCommon}
        GROUP BY p.a, p.b, m.kind, m.hash
        ORDER BY p.a, p.b, m.kind, 4, 5
        """;

    /// <summary>The next links in the order of their pairs.</summary>
    /// <param name="state">Whose cases.</param>
    /// <param name="closed">Requests that are closed to the caller: they link nothing for him.</param>
    /// <param name="caseNumber">The links of this case, its number in normal form; empty for all.</param>
    /// <param name="after">The pair before the first wanted; two empty strings for the beginning.</param>
    /// <param name="count">Pairs wanted, at most.</param>
    public async Task<List<CaseLink>> Links(
        string state, Guid[] closed, string caseNumber, (string A, string B) after, int count, CancellationToken ct)
    {
        var one = caseNumber.Length > 0;
        object?[] args =
            [state, after.A, after.B, count, options.Value.ValueCap, closed, .. one ? [caseNumber] : Array.Empty<object>()];
        var shared = await database.Query($"WITH pairs AS ({(one ? PairsOfOne : PairsOfAll)}) {SharedOfPairs}", args, Read, ct);
        return [.. shared.GroupBy(s => (s.A, s.B), s => s.Shared)
            .Select(pair => new CaseLink { CaseA = pair.Key.A, CaseB = pair.Key.B, Shared = { pair } })];
    }

    static (string A, string B, SharedIdentifier Shared) Read(NpgsqlDataReader row) => (row.GetString(0), row.GetString(1), new()
    {
        Kind = (IdentifierKind)row.GetInt16(2), RequestA = RequestId.Prefix + row.GetString(3),
        RequestB = RequestId.Prefix + row.GetString(4),
    });
}
