using System.Data;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Tracking;

/// <summary>All SQL over the tables <c>facts</c> and <c>facts_versions</c>.</summary>
sealed class FactsStore(Database database, FlagSignal signal, ReferenceData reference, TimeProvider time)
{
    const string Columns = "request_id, version, recorded_at, requesting_state, requested_state, transmitted_on, body";
    const string Rows = "SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::date[], $7::bytea[]";

    /// <summary>
    /// Takes versions in, in one transaction. Repeats, any order and rivals on other connections come to the same tables.
    /// </summary>
    /// <exception cref="FormatException">A version cannot be read; nothing of the batch was taken in.</exception>
    public async Task Apply(IReadOnlyList<RequestFacts> batch, CancellationToken ct)
    {
        // The order is that of the locks: two replicas with overlapping batches wait for each other and never in a circle.
        var versions = batch.Select(Row.Of).OrderBy(row => row.Id).ThenBy(row => row.Version).ToList();
        var newest = versions.GroupBy(row => row.Id).Select(g => g.Last()).ToList();
        var changes = await database.InTransaction(async tx =>
        {
            await tx.Execute(
                $"""
                INSERT INTO facts ({Columns}, course, course_version) {Rows}, $8::bytea[], $2)
                ON CONFLICT (request_id) DO UPDATE SET version = excluded.version, recorded_at = excluded.recorded_at,
                  requesting_state = excluded.requesting_state, requested_state = excluded.requested_state,
                  transmitted_on = excluded.transmitted_on, body = excluded.body,
                  course = excluded.course, course_version = excluded.course_version, change_no = NULL
                WHERE facts.version < excluded.version
                """, [.. Arguments(newest), newest.Select(row => row.Course).ToArray()]);

            // Also where it was no news the statement above has locked the row, so the versions below are complete.
            await tx.Execute($"INSERT INTO facts_versions ({Columns}) {Rows}) ON CONFLICT DO NOTHING", Arguments(versions));
            var told = await tx.RenewFlags([.. newest.Select(row => row.Id)], time.GetUtcNow(), reference);
            await tx.Execute("SELECT number_facts_changes()", []);
            return told;
        }, ct);
        if (changes > 0)
            signal.WakeUp();
    }

    /// <summary>Raises what has become overdue since it was last looked at; returns how many requests that were.</summary>
    public async Task<int> RaiseFlags(int atMost, CancellationToken ct)
    {
        var due = await database.InTransaction(async tx =>
        {
            var now = time.GetUtcNow();
            var due = await tx.Query(
                "SELECT request_id FROM facts WHERE next_flag_at <= $1 ORDER BY request_id LIMIT $2 FOR UPDATE SKIP LOCKED",
                [now, atMost], row => row.GetGuid(0));
            if (due.Count > 0)
                await tx.RenewFlags([.. due], now, reference);
            return due.Count;
        }, ct);
        if (due > 0)
            signal.WakeUp();
        return due;
    }

    /// <summary>The next instant at which a time limit passes, as far as it is known now.</summary>
    public async Task<DateTimeOffset?> NextFlagAt(CancellationToken ct) => (await database.Query(
        "SELECT min(next_flag_at) FROM facts WHERE next_flag_at IS NOT NULL", [],
        row => row.IsDBNull(0) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(0), ct)).Single();

    /// <summary>
    /// Shows every request of the viewer's side transmitted by the as-of day, one at a time, and returns the number up to
    /// which everything sealed by Requests had been taken in; both of one instant.
    /// </summary>
    public async Task<long> Read(Question question, Action<RequestFacts> each, CancellationToken ct)
    {
        var side = question.Outgoing ? "requesting_state" : "requested_state";
        object?[] ofSide = [question.Viewer, question.AsOf];
        var (from, args) = question.KnownBy is { } instant
            ? ("(SELECT DISTINCT ON (request_id) * FROM facts_versions WHERE recorded_at <= $3 ORDER BY request_id, version DESC) known", [.. ofSide, instant])
            : ("facts", ofSide);

        await using var connection = await database.Open(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var tx = new Transaction(connection, ct);
        var sealedNo = await tx.Query("SELECT sealed_no FROM positions WHERE source = 'requests'", [], row => row.GetInt64(0));
        await using var command = tx.Command($"SELECT body FROM {from} WHERE {side} = $1 AND transmitted_on <= $2", args);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            each(RequestFacts.Parser.ParseFrom(reader.GetFieldValue<byte[]>(0)));
        return sealedNo.SingleOrDefault();
    }

    /// <summary>How many requests are followed, and how far the journal of Requests was.</summary>
    public async Task<(long Requests, long SealedNo)> Status(CancellationToken ct) => (await database.Query(
        "SELECT (SELECT count(*) FROM facts), coalesce((SELECT sealed_no FROM positions WHERE source = 'requests'), 0)", [],
        row => (row.GetInt64(0), row.GetInt64(1)), ct)).Single();

    static object?[] Arguments(List<Row> rows) =>
    [
        rows.Select(r => r.Id).ToArray(), rows.Select(r => r.Version).ToArray(), rows.Select(r => r.RecordedAt).ToArray(),
        rows.Select(r => r.RequestingState).ToArray(), rows.Select(r => r.RequestedState).ToArray(),
        rows.Select(r => r.TransmittedOn).ToArray(), rows.Select(r => r.Body).ToArray(),
    ];

    sealed record Row(
        Guid Id, int Version, DateTimeOffset RecordedAt, string RequestingState, string RequestedState, DateOnly? TransmittedOn, byte[] Body, byte[] Course)
    {
        public static Row Of(RequestFacts facts)
        {
            facts.MustBeReadable();
            return new(facts.Id(), facts.Version, facts.RecordedAt.ToDateTimeOffset(), facts.RequestingState, facts.RequestedState,
                Day.Of(facts.TransmittedOn), facts.ToByteArray(), CourseForm.Of(facts));
        }
    }
}
