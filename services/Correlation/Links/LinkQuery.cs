using Exchange.Correlation.V1;
using Exchange.Platform;
using Exchange.Reference;
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
          SELECT DISTINCT c.case_hash FROM identifiers c
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
        SELECT DISTINCT m.case_hash AS a, o.case_hash AS b
        FROM identifiers m JOIN identifiers o ON {SameValue} AND o.case_hash > m.case_hash
        WHERE m.requesting_state = $1 AND m.case_hash >= $2 AND (m.case_hash, o.case_hash) > ($2, $3) AND {NotTooCommon}
        ORDER BY a, b LIMIT $4
        """;

    const string PairsOfOne =
        $"""
        SELECT a, b FROM (
          SELECT DISTINCT least(m.case_hash, o.case_hash) AS a, greatest(m.case_hash, o.case_hash) AS b
          FROM identifiers m JOIN identifiers o ON {SameValue} AND o.case_hash <> m.case_hash
          WHERE m.requesting_state = $1 AND m.case_hash = $7 AND {NotTooCommon}) AS pairs
        WHERE (a, b) > ($2, $3)
        ORDER BY a, b LIMIT $4
        """;

    const string SharedOfPairs =
        $"""
        SELECT p.a, p.b, m.kind, min(m.request_id::text), min(o.request_id::text)
        FROM pairs p
        JOIN identifiers m ON m.requesting_state = $1 AND m.case_hash = p.a
        JOIN identifiers o ON {SameValue} AND o.case_hash = p.b
        WHERE {NotTooCommon}
        GROUP BY p.a, p.b, m.kind, m.hash
        ORDER BY p.a, p.b, m.kind, 4, 5
        """;

    /// <summary>The next links in the order of their pairs' hashes, which has no meaning and stays the same.</summary>
    /// <param name="state">Whose cases.</param>
    /// <param name="closed">Requests that are closed to the caller: they link nothing for him.</param>
    /// <param name="ofCase">The links of this case, by its hash; null for all.</param>
    /// <param name="after">The pair before the first wanted.</param>
    /// <param name="count">Pairs wanted, at most.</param>
    public async Task<List<FoundLink>> Links(
        string state, Guid[] closed, byte[]? ofCase, CasePair after, int count, CancellationToken ct)
    {
        object?[] args =
            [state, after.A, after.B, count, options.Value.ValueCap, closed, .. ofCase is null ? [] : new object[] { ofCase }];
        var shared = await database.Query(
            $"WITH pairs AS ({(ofCase is null ? PairsOfAll : PairsOfOne)}) {SharedOfPairs}", args, Read, ct);
        return [.. shared.GroupBy(s => (A: Convert.ToHexString(s.Cases.A), B: Convert.ToHexString(s.Cases.B)))
            .Select(pair => new FoundLink(pair.First().Cases, [.. pair.Select(s => s.Shared)]))];
    }

    static (CasePair Cases, SharedIdentifier Shared) Read(NpgsqlDataReader row) =>
        (new(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)), new()
        {
            Kind = (IdentifierKind)row.GetInt16(2), RequestA = RequestId.Prefix + row.GetString(3),
            RequestB = RequestId.Prefix + row.GetString(4),
        });
}

/// <summary>A link as it is found, before the cases have names.</summary>
/// <param name="Shared">At least one; request A is of the first case of the pair.</param>
sealed record FoundLink(CasePair Cases, IReadOnlyList<SharedIdentifier> Shared)
{
    /// <summary>The link as it is told.</summary>
    /// <param name="numbers">By request: the numbers of the cases.</param>
    public CaseLink ToProto(IReadOnlyDictionary<string, string> numbers)
    {
        var (a, b) = (NumberOf(Shared[0].RequestA), NumberOf(Shared[0].RequestB));
        return string.CompareOrdinal(a, b) <= 0
            ? new() { CaseA = a, CaseB = b, Shared = { Shared } }
            : new()
            {
                CaseA = b, CaseB = a,
                Shared = { Shared.Select(one => new SharedIdentifier(one) { RequestA = one.RequestB, RequestB = one.RequestA }) },
            };

        string NumberOf(string request) => CaseNumber.Normalise(numbers.GetValueOrDefault(request, ""));
    }
}
