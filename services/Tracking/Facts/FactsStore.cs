using System.Data;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Tracking;

/// <summary>All SQL over the tables <c>facts</c> and <c>facts_versions</c>.</summary>
sealed class FactsStore(Database database, FlagSignal signal, ReferenceData reference, TimeProvider time)
{
    internal const string Columns = "request_id, version, recorded_at, requesting_state, requested_state, transmitted_on, body";
    const int MostNamed = 16;
    const string Rows = $"SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::date[], $7::bytea[], $8::bytea[]) AS n ({Columns}, course)";

    // What Requests had recorded before a restore that was accepted is here from its journal. An event of that time, which the
    // broker still held, may be of what was lost.
    const string New = $"{Rows} WHERE recorded_at >= coalesce((SELECT old_until FROM positions WHERE source = 'requests'), '-infinity')";
    const string NewestOfNew = $"SELECT DISTINCT ON (request_id) * FROM ({New}) AS new ORDER BY request_id, version DESC";

    /// <summary>
    /// Takes versions in, in one transaction. Repeats, any order and rivals on other connections come to the same tables.
    /// </summary>
    /// <exception cref="FormatException">A version cannot be read; nothing of the batch was taken in.</exception>
    public async Task Apply(IReadOnlyList<RequestFacts> batch, CancellationToken ct)
    {
        // The order is that of the locks: two replicas with overlapping batches wait for each other and never in a circle.
        var versions = batch.Select(Row.Of).OrderBy(row => row.Id).ThenBy(row => row.Version).ToList();
        var changes = await database.InTransaction(async tx =>
        {
            // Also where it is no news this locks the row, so the versions that are read after it are complete.
            await tx.Execute(
                $"WITH written AS ({Upsert(NewestOfNew)}) INSERT INTO facts_versions ({Columns}) SELECT {Columns} FROM ({New}) AS new ON CONFLICT DO NOTHING",
                [.. Arguments(versions), false]);
            return await Renew(tx, [.. versions.Select(row => row.Id).Distinct()]);
        }, ct);
        if (changes > 0)
            signal.WakeUp();
    }

    /// <summary>
    /// Makes rows what the journal says, whatever stood there, in one transaction under the locks of the live steps: these
    /// versions as given, and of these requests the newest version known and the flags that follow.
    /// </summary>
    /// <param name="versions">Of requests among <paramref name="requests"/>.</param>
    /// <param name="forget">Versions that are to go, each of a request that keeps others.</param>
    public async Task Mend(IReadOnlyList<Row> versions, Guid[] requests, IReadOnlyList<(Guid Id, int Version)> forget, CancellationToken ct)
    {
        var changes = await database.InTransaction(async tx =>
        {
            var locked = (await tx.Query("SELECT request_id FROM facts WHERE request_id = ANY($1) ORDER BY request_id FOR UPDATE", [requests],
                row => row.GetGuid(0))).ToHashSet();
            await Forget(tx, [.. versions.Select(row => (row.Id, row.Version)), .. forget]);
            await tx.Execute($"INSERT INTO facts_versions ({Columns}) SELECT {Columns} FROM ({Rows}) AS given ON CONFLICT DO NOTHING", Arguments([.. versions]));
            var newest = await tx.Query("SELECT DISTINCT ON (request_id) body FROM facts_versions WHERE request_id = ANY($1) ORDER BY request_id, version DESC",
                [requests], row => Row.Of(RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(0))));
            // A row that was not there may be written by a live step meanwhile, and then only what is newer may replace it.
            await Write(tx, Rows, newest.FindAll(row => locked.Contains(row.Id)), evenIfNotNewer: true);
            await Write(tx, Rows, newest.FindAll(row => !locked.Contains(row.Id)), evenIfNotNewer: false);
            return await Renew(tx, requests);
        }, ct);
        if (changes > 0)
            signal.WakeUp();
    }

    /// <summary>Requests of which no version is left: what stood here goes, and what was told of their flags is taken back.</summary>
    public async Task Forget(Guid[] requests, CancellationToken ct)
    {
        var changes = await database.InTransaction(async tx =>
        {
            var last = await tx.Query("SELECT body FROM facts WHERE request_id = ANY($1) ORDER BY request_id FOR UPDATE", [requests],
                row => RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(0)));
            foreach (var table in (string[])["flags", "facts_versions", "facts"])
                await tx.Execute($"DELETE FROM {table} WHERE request_id = ANY($1)", [requests]);
            var told = await tx.Query($"{FlagLog.Told} = ANY($1)", [requests], FlagLog.ReadTold);
            return await tx.LogFlags(last, [], told, time.GetUtcNow(), reference);
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
            if (due.Count == 0)
                return 0;
            // No trace is kept of a request here, so the requests are named, as far as a span has room for them.
            using var work = BackgroundWork.Begin("raise flags")?.SetTag("exchange.requests", due.Take(MostNamed).Select(id => $"requests/{id}").ToArray());
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

    /// <summary>What follows from facts that were written, last of all the numbers of their changes.</summary>
    async Task<int> Renew(Transaction tx, Guid[] requests)
    {
        var told = await tx.RenewFlags(requests, time.GetUtcNow(), reference);
        await tx.Execute("SELECT number_facts_changes()", []);
        return told;
    }

    static Task<int> Write(Transaction tx, string from, List<Row> rows, bool evenIfNotNewer) => tx.Execute(Upsert(from), [.. Arguments(rows), evenIfNotNewer]);

    static string Upsert(string from) =>
        $"""
        INSERT INTO facts ({Columns}, course, course_version) SELECT *, version FROM ({from}) AS written
        ON CONFLICT (request_id) DO UPDATE SET version = excluded.version, recorded_at = excluded.recorded_at,
          requesting_state = excluded.requesting_state, requested_state = excluded.requested_state,
          transmitted_on = excluded.transmitted_on, body = excluded.body,
          course = excluded.course, course_version = excluded.course_version, change_no = NULL
        WHERE facts.version < excluded.version OR $9
        """;

    static Task<int> Forget(Transaction tx, IReadOnlyList<(Guid Id, int Version)> versions) => tx.Execute(
        "DELETE FROM facts_versions WHERE (request_id, version) IN (SELECT * FROM unnest($1::uuid[], $2::int[]))",
        [versions.Select(v => v.Id).ToArray(), versions.Select(v => v.Version).ToArray()]);

    static object?[] Arguments(List<Row> rows) =>
    [
        rows.Select(r => r.Id).ToArray(), rows.Select(r => r.Version).ToArray(), rows.Select(r => r.RecordedAt).ToArray(),
        rows.Select(r => r.RequestingState).ToArray(), rows.Select(r => r.RequestedState).ToArray(),
        rows.Select(r => r.TransmittedOn).ToArray(), rows.Select(r => r.Body).ToArray(), rows.Select(r => r.Course).ToArray(),
    ];

    /// <summary>A version as it is kept.</summary>
    /// <param name="Course">What memory takes in; empty for one that was read and will not be written.</param>
    internal sealed record Row(
        Guid Id, int Version, DateTimeOffset RecordedAt, string RequestingState, string RequestedState, DateOnly? TransmittedOn, byte[] Body, byte[] Course)
    {
        /// <summary>In the order of the columns, as read from the table.</summary>
        public static Row Of(Npgsql.NpgsqlDataReader row) => new(row.GetGuid(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2), row.GetString(3),
            row.GetString(4), row.IsDBNull(5) ? null : row.GetFieldValue<DateOnly>(5), row.GetFieldValue<byte[]>(6), []);

        /// <summary>The same to the last byte, the instant as finely as the table counts.</summary>
        public bool SameAs(Row other) => (Id, Version, RequestingState, RequestedState, TransmittedOn)
                == (other.Id, other.Version, other.RequestingState, other.RequestedState, other.TransmittedOn)
            && RecordedAt.UtcTicks / TimeSpan.TicksPerMicrosecond == other.RecordedAt.UtcTicks / TimeSpan.TicksPerMicrosecond
            && Body.AsSpan().SequenceEqual(other.Body);

        public static Row Of(RequestFacts facts)
        {
            facts.MustBeReadable();
            return new(facts.Id(), facts.Version, facts.RecordedAt.ToDateTimeOffset(), facts.RequestingState, facts.RequestedState,
                Day.Of(facts.TransmittedOn), facts.ToByteArray(), CourseForm.Of(facts));
        }
    }
}
