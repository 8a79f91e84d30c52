using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>
/// What was found in the database that this service did not write, for operators: in <c>exchange status</c>, in readiness, in the log and
/// as the metric <c>exchange.record.findings</c>.
/// </summary>
public sealed partial class RecordFindings(Database database, TimeProvider time, ILogger<RecordFindings> log)
{
    internal const string Row = "row";
    internal const string Entry = "entry";
    internal const string Unbelieved = "unbelieved";

    /// <summary>How long a row that was made anew is still told of: whoever changed it has not been found by that.</summary>
    static readonly TimeSpan Told = TimeSpan.FromDays(30);

    /// <summary>What an operator must see to, as of the last look.</summary>
    public IReadOnlyList<string> Attention { get; private set; } = [];

    /// <summary>Findings that stand, by kind, as of the last look.</summary>
    internal IReadOnlyDictionary<string, long> Standing { get; private set; } = new Dictionary<string, long>();

    /// <summary>
    /// Notes that an entry is not what was recorded, and that whoever follows the journal here passed it over. It stands until the
    /// database is restored: what was passed over is not looked at again.
    /// </summary>
    public Task NoteUnbelieved(Guid aggregateId, int version, CancellationToken ct) =>
        Note(Unbelieved, $"{aggregateId}/{version}", mended: false, ct);

    /// <summary>Notes that a row or an entry is not of this service's making.</summary>
    internal async Task Note(string kind, string subject, bool mended, CancellationToken ct)
    {
        var times = await database.Query(
            """
            INSERT INTO findings AS f (kind, subject, found_at, ended_at) VALUES ($1, $2, $3, CASE WHEN $4 THEN $3 END)
            ON CONFLICT (kind, subject) DO UPDATE SET times = f.times + 1, found_at = excluded.found_at, ended_at = excluded.ended_at
            RETURNING times
            """, [kind, subject, time.GetUtcNow(), mended], row => row.GetInt32(0), ct);
        if (mended)
            RowMended(subject);
        // A row is read again and again.
        else if (times is [1])
            Found(kind, subject);
        await Look(ct);
    }

    /// <summary>Ends the findings of entries that are no longer so.</summary>
    /// <param name="standing">Those that are.</param>
    internal Task EndEntries(IReadOnlyCollection<string> standing, CancellationToken ct) => database.Execute(
        "UPDATE findings SET ended_at = $2 WHERE kind = $3 AND ended_at IS NULL AND NOT subject = ANY($1)",
        [standing.ToArray(), time.GetUtcNow(), Entry], ct);

    /// <summary>The entries found before that stand.</summary>
    internal Task<List<string>> StandingEntries(CancellationToken ct) => database.Query(
        "SELECT subject FROM findings WHERE kind = $1 AND ended_at IS NULL ORDER BY 1", [Entry], row => row.GetString(0), ct);

    /// <summary>Looks anew, for another replica may have found something.</summary>
    internal async Task Look(CancellationToken ct)
    {
        var found = await database.Query(
            """
            SELECT kind, ended_at IS NOT NULL, count(*), min(subject), max(found_at) FROM findings
            WHERE ended_at IS NULL OR (kind = $1 AND found_at > $2) GROUP BY 1, 2 ORDER BY 1, 2
            """, [Row, time.GetUtcNow() - Told], row => (Kind: row.GetString(0), Ended: row.GetBoolean(1), Count: row.GetInt64(2),
                First: row.GetString(3), Last: row.GetFieldValue<DateTimeOffset>(4)), ct);
        Attention = [.. found.Select(one => Sentence(one.Kind, one.Ended, one.Count, one.First, one.Last))];
        Standing = found.Where(one => !one.Ended).ToDictionary(one => one.Kind, one => one.Count);
    }

    static string Sentence(string kind, bool ended, long count, string first, DateTimeOffset last)
    {
        var told = string.Create(CultureInfo.InvariantCulture, $"({(count > 1 ? "among them " : "")}{first}; last found {last:u})");
        return (kind, ended) switch
        {
            (Entry, _) =>
                $"{count} entries of the journal are neither sealed nor wait for it {told}: this service did not write them, or somebody "
                + "took their seal away. Keep a copy of the database as evidence, find out who may write to it, and restore the last "
                + "backup from before.",
            (Unbelieved, _) =>
                $"{count} sealed entries of the journal are not what was recorded {told}: somebody changed them. They are passed over and "
                + "shown to nobody. Keep a copy of the database as evidence, find out who may write to it, and restore the last backup "
                + "from before.",
            (_, true) =>
                $"{count} rows were changed outside this service and were made anew from the journal {told}. Find out who may write to the "
                + "database.",
            _ =>
                $"{count} rows are not as this service wrote them and cannot be made anew, because the journal does not hold together "
                + $"{told}. They are refused. Keep a copy of the database as evidence, and restore the last backup from before.",
        };
    }

    [LoggerMessage(1120, LogLevel.Error, "{Subject} was changed outside this service and was made anew from the journal")]
    partial void RowMended(string subject);

    [LoggerMessage(1121, LogLevel.Error, "A finding in the database, {Kind} {Subject}: this service did not write it so")]
    partial void Found(string kind, string subject);
}
