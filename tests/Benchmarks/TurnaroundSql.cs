using Exchange.Platform;

namespace Exchange.Benchmarks;

/// <summary>
/// The raw limit: the same counts by SQL over the same requests in typed columns, one row each, with an index that holds a
/// partner together. It computes for each partner 12 counts and the histogram of days to the first outcome, of which the
/// median; the product's rows hold five such histograms with their intervals, and the rates.
/// </summary>
static class TurnaroundSql
{
    const string Query =
        """
        WITH seen AS (
          SELECT requested_state AS partner, transmitted_on, due_on, waited, heard_on,
            CASE WHEN ended_on <= $2 THEN outcome ELSE 0 END AS outcome, CASE WHEN ended_on <= $2 THEN ended_on END AS ended_on
          FROM typed WHERE requesting_state = $1 AND transmitted_on <= $2 AND ($3::text IS NULL OR requested_state = $3)),
        days AS (
          SELECT partner, coalesce(ended_on, $2) - transmitted_on AS day, outcome, count(*) AS n,
            count(*) FILTER (WHERE due) AS due, count(*) FILTER (WHERE due AND ended_on <= due_on AND outcome BETWEEN 1 AND 4) AS on_time,
            count(*) FILTER (WHERE due AND ended_on - waited <= due_on AND outcome BETWEEN 1 AND 4) AS net_on_time,
            count(*) FILTER (WHERE due AND outcome = 0 AND NOT coalesce(heard_on <= $2, false)) AS silent
          FROM (SELECT *, due_on <= $2 AND (outcome BETWEEN 0 AND 4 OR ended_on >= due_on) AS due FROM seen) fallen
          GROUP BY 1, 2, 3),
        curve AS (
          SELECT partner, day, sum(n) FILTER (WHERE outcome BETWEEN 1 AND 4) AS events,
            sum(sum(n)) OVER (PARTITION BY partner ORDER BY day DESC) AS at_risk
          FROM days GROUP BY 1, 2),
        medians AS (
          SELECT partner, min(day) FILTER (WHERE share <= 0.5 + 1e-9) AS median FROM (
            SELECT partner, day, exp(sum(CASE WHEN events IS NULL THEN 0 WHEN events = at_risk THEN -1e3 ELSE ln(1 - events / at_risk) END)
              OVER (PARTITION BY partner ORDER BY day)) AS share FROM curve) c GROUP BY 1)
        SELECT partner, sum(n)::int, coalesce(sum(n) FILTER (WHERE outcome BETWEEN 1 AND 4), 0)::int,
          coalesce(sum(n) FILTER (WHERE outcome = 3), 0)::int,
          coalesce(sum(n) FILTER (WHERE outcome = 6), 0)::int, coalesce(sum(n) FILTER (WHERE outcome = 5), 0)::int, sum(due)::int,
          coalesce(sum(due) FILTER (WHERE outcome BETWEEN 1 AND 4), 0)::int, sum(on_time)::int, sum(net_on_time)::int,
          coalesce(sum(due) FILTER (WHERE outcome = 0), 0)::int, coalesce(sum(due) FILTER (WHERE outcome = 1), 0)::int, sum(silent)::int,
          coalesce((SELECT median FROM medians m WHERE m.partner = days.partner), 0)::int
        FROM days GROUP BY partner
        """;

    /// <summary>Sorts what was written as the index does, and makes it as quick to read as PostgreSQL can.</summary>
    public static async Task Prepare(Database database)
    {
        await Patiently(database, "CREATE INDEX typed_by_partner ON typed (requesting_state, requested_state, transmitted_on)");
        await Patiently(database, "VACUUM ANALYZE typed");
        await Patiently(database, "VACUUM ANALYZE facts");
    }

    /// <summary>By partner.</summary>
    public static async Task<Dictionary<string, int[]>> Ask(Database database, DateOnly asOf, string? partner)
    {
        await using var connection = await database.Open(default);
        var only = new Npgsql.NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = (object?)partner ?? DBNull.Value };
        await using var command = new Transaction(connection, default).Command(Query, [TurnaroundRows.Viewer, asOf, only]);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new Dictionary<string, int[]>();
        while (await reader.ReadAsync())
            rows[reader.GetString(0)] = [.. Enumerable.Range(1, 13).Select(reader.GetInt32)];
        return rows;
    }

    static async Task Patiently(Database database, string sql)
    {
        await using var connection = await database.Open(default);
        await using var command = new Transaction(connection, default).Command(sql, []);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
