using System.Data;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Tracking;

/// <summary>
/// The tables <c>facts</c>, the newest known version of each request, and <c>facts_versions</c>, all known versions; and the flags that
/// follow from them. Everything that writes them takes the locks of the facts' rows in the order of the requests' ids.
/// </summary>
sealed class FactsStore(Database database, FlagSignal signal, ReferenceData reference, TimeProvider time)
{
    /// <summary>The columns that both tables have, in the order in which <see cref="Row"/> reads them.</summary>
    internal const string ColumnNames =
        "request_id, version, recorded_at, requesting_state, requested_state, transmitted_on, told_version, body";

    // Requests named on the span of a round, at most.
    const int MaxNamed = 16;

    const string Rows =
        $"""
        SELECT * FROM unnest(
          $1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::date[], $7::int[], $8::bytea[], $9::bytea[])
          AS n ({ColumnNames}, course)
        """;

    // What Requests had recorded before a restore that was accepted was taken in from its journal. An event of that time, which the
    // broker still held, may be about what was lost, and is left out.
    const string New =
        $"{Rows} WHERE recorded_at >= coalesce((SELECT old_until FROM positions WHERE source = 'requests'), '-infinity')";


    const string NewestOfNew = $"SELECT DISTINCT ON (request_id) * FROM ({New}) AS new ORDER BY request_id, version DESC";

    /// <summary>
    /// Takes versions in, in one transaction. Repeats, another order, and other connections that write the same at the same time lead to
    /// the same tables.
    /// </summary>
    /// <exception cref="FormatException">A version cannot be read; nothing of the batch was taken in.</exception>
    public async Task Apply(IReadOnlyList<RequestFacts> batch, CancellationToken ct)
    {
        // The order is that of the locks: two replicas with overlapping batches wait for each other and never in a circle.
        var versions = batch.Select(Row.Of).OrderBy(row => row.Id).ThenBy(row => row.Version).ToList();
        var changes = await database.InTransaction(async tx =>
        {
            // This locks the row of the facts also where the version is not newer, so the versions that are read after it are complete.
            await tx.Execute(
                $"""
                WITH written AS ({Upsert(NewestOfNew)})
                INSERT INTO facts_versions ({ColumnNames}) SELECT {ColumnNames} FROM ({New}) AS new ON CONFLICT DO NOTHING
                """, [.. Arguments(versions), false]);
            // A version that comes late may be the one as which the other side sees its request: then what is in memory changes.
            if (versions.FindAll(row => row.ToldVersion == row.Version) is { Count: > 0 } told)
                await tx.Execute(
                    """
                    UPDATE facts SET change_no = NULL FROM unnest($1::uuid[], $2::int[]) AS late (id, version)
                    WHERE request_id = late.id AND told_version = late.version AND facts.version > late.version
                    """, [told.Select(row => row.Id).ToArray(), told.Select(row => row.Version).ToArray()]);
            return await UpdateDerived(tx, [.. versions.Select(row => row.Id).Distinct()]);
        }, ct);
        if (changes > 0)
            signal.WakeUp();
    }

    /// <summary>
    /// Makes rows what the journal says, whatever they were, in one transaction and under the locks that <see cref="Apply"/> takes: these
    /// versions as given, and for these requests the newest version known and the flags that follow.
    /// </summary>
    /// <param name="versions">Versions of requests that are among <paramref name="requests"/>.</param>
    /// <param name="requests">The requests that are repaired.</param>
    /// <param name="remove">Versions to be deleted, each of a request that keeps others.</param>
    public async Task Repair(
        IReadOnlyList<Row> versions, Guid[] requests, IReadOnlyList<(Guid Id, int Version)> remove, CancellationToken ct)
    {
        var changes = await database.InTransaction(async tx =>
        {
            var locked = (await tx.Query("SELECT request_id FROM facts WHERE request_id = ANY($1) ORDER BY request_id FOR UPDATE",
                [requests], row => row.GetGuid(0))).ToHashSet();
            await RemoveVersions(tx, [.. versions.Select(row => (row.Id, row.Version)), .. remove]);
            await tx.Execute(
                $"INSERT INTO facts_versions ({ColumnNames}) SELECT {ColumnNames} FROM ({Rows}) AS given ON CONFLICT DO NOTHING",
                Arguments([.. versions]));
            var newest = await tx.Query(
                "SELECT DISTINCT ON (request_id) body FROM facts_versions WHERE request_id = ANY($1) ORDER BY request_id, version DESC",
                [requests], row => Row.Of(RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(0))));
            // A row that was not there may have been written by an event meanwhile, and then only a newer version may replace it.
            await Write(tx, Rows, newest.FindAll(row => locked.Contains(row.Id)), evenIfNotNewer: true);
            await Write(tx, Rows, newest.FindAll(row => !locked.Contains(row.Id)), evenIfNotNewer: false);
            return await UpdateDerived(tx, requests);
        }, ct);
        if (changes > 0)
            signal.WakeUp();
    }

    /// <summary>Deletes requests of which no version is left, and logs that their flags are cleared.</summary>
    public async Task Remove(Guid[] requests, CancellationToken ct)
    {
        var changes = await database.InTransaction(async tx =>
        {
            var last = (await tx.Query("SELECT body FROM facts WHERE request_id = ANY($1) ORDER BY request_id FOR UPDATE", [requests],
                row => FactsExtensions.TryParse(row.GetFieldValue<byte[]>(0)))).OfType<RequestFacts>().ToList();
            foreach (var table in (string[])["flags", "facts_versions", "facts"])
                await tx.Execute($"DELETE FROM {table} WHERE request_id = ANY($1)", [requests]);
            var logged = await tx.Query($"{FlagLogWriter.LastEvents} = ANY($1)", [requests], FlagLogWriter.ReadLastEvent);
            return await tx.LogFlags(last, [], logged, time.GetUtcNow(), reference);
        }, ct);
        if (changes > 0)
            signal.WakeUp();
    }

    /// <summary>Raises the flags of requests whose time limit has passed; returns how many requests that were.</summary>
    /// <param name="atMost">Requests in one transaction; where as many are returned there may be more.</param>
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
            // No trace of the calls that wrote the requests is kept here, so the span names them, as far as it has room.
            using var work = BackgroundWork.Begin("raise flags")
                ?.SetTag("exchange.requests", due.Take(MaxNamed).Select(RequestId.NameOf).ToArray());
            await tx.RenewFlags([.. due], now, reference);
            return due.Count;
        }, ct);
        if (due > 0)
            signal.WakeUp();
        return due;
    }

    /// <summary>The next instant at which a time limit passes, as far as it is known now; null where none will.</summary>
    public async Task<DateTimeOffset?> NextFlagAt(CancellationToken ct) => (await database.Query(
        "SELECT min(next_flag_at) FROM facts WHERE next_flag_at IS NOT NULL", [],
        row => row.IsDBNull(0) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(0), ct)).Single();

    /// <summary>
    /// Reads every request of the viewer's side that was transmitted by the as-of day, as that side knew it at the query's instant, and
    /// returns the number up to which everything that Requests had sealed had been taken in; both of one snapshot.
    /// </summary>
    /// <param name="each">Is given one request after the other, so that they need not all be in memory.</param>
    public async Task<long> Read(FiguresQuery query, Action<RequestFacts> each, CancellationToken ct)
    {
        const string knownThen =
            "(SELECT DISTINCT ON (request_id) * FROM facts_versions WHERE recorded_at <= $3 ORDER BY request_id, version DESC)";
        var side = query.Outgoing ? "requesting_state" : "requested_state";
        object?[] ofSide = [query.Viewer, query.AsOf];
        var (from, args) = query.KnownBy is { } instant ? (knownThen, [.. ofSide, instant]) : ("facts", ofSide);

        await using var connection = await database.Open(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var tx = new Transaction(connection, ct);
        var sealedNo = await tx.Query("SELECT sealed_no FROM positions WHERE source = 'requests'", [], row => row.GetInt64(0));
        await using var command = tx.Command(
            $"SELECT seen.body FROM {Seen(from, asTold: !query.Outgoing)} WHERE seen.{side} = $1 AND seen.transmitted_on <= $2", args);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            each(RequestFacts.Parser.ParseFrom(reader.GetFieldValue<byte[]>(0)));
        return sealedNo.SingleOrDefault();
    }

    /// <summary>
    /// Reads the requests with these row numbers, each with the number of its last change; rows that are gone are left out.
    /// </summary>
    /// <param name="rows">Row numbers of the column store.</param>
    /// <param name="asTold">As the requested side was told them.</param>
    /// <param name="each">Is given one request after the other, so that they need not all be in memory.</param>
    public async Task ReadRows(int[] rows, bool asTold, Action<long, RequestFacts> each, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await using var command = new Transaction(connection, ct)
            .Command($"SELECT change_no, seen.body FROM {Seen("facts", asTold)} WHERE row_no = ANY($1)", [rows]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            each(reader.GetInt64(0), RequestFacts.Parser.ParseFrom(reader.GetFieldValue<byte[]>(1)));
    }

    /// <summary>The row numbers of these requests; those not known here are left out.</summary>
    public async Task<int[]> RowsOf(IReadOnlyCollection<Guid> requests, CancellationToken ct) => requests.Count == 0 ? []
        : [.. await database.Query("SELECT row_no FROM facts WHERE request_id = ANY($1) AND row_no IS NOT NULL", [requests.ToArray()],
            row => row.GetInt32(0), ct)];

    /// <summary>How many requests are known here, and the number up to which the journal of Requests has been taken in.</summary>
    public async Task<(long Requests, long SealedNo)> Status(CancellationToken ct) => (await database.Query(
        "SELECT (SELECT count(*) FROM facts), coalesce((SELECT sealed_no FROM positions WHERE source = 'requests'), 0)", [],
        row => (row.GetInt64(0), row.GetInt64(1)), ct)).Single();

    /// <summary>Requests as one side sees them, each with the row or version, <c>seen</c>, that holds its facts for that side.</summary>
    /// <param name="from">Table or subquery with a row for each request.</param>
    /// <param name="asTold">
    /// As the requested side sees them: the version that it was told of, or where it was told none, of its own register, the newest.
    /// </param>
    static string Seen(string from, bool asTold) => !asTold ? $"{from} seen"
        : $"{from} known JOIN facts_versions seen ON seen.request_id = known.request_id"
            + " AND seen.version = coalesce(nullif(known.told_version, 0), known.version)";

    /// <summary>
    /// Brings up to date what follows from facts that were written. The numbers of their changes come last, because their counter stays
    /// locked until the commit.
    /// </summary>
    /// <returns>How many changes of flags were logged.</returns>
    async Task<int> UpdateDerived(Transaction tx, Guid[] requests)
    {
        var logged = await tx.RenewFlags(requests, time.GetUtcNow(), reference);
        await tx.Execute("SELECT number_facts_changes()", []);
        return logged;
    }

    static Task<int> Write(Transaction tx, string from, List<Row> rows, bool evenIfNotNewer) =>
        tx.Execute(Upsert(from), [.. Arguments(rows), evenIfNotNewer]);

    /// <summary>Writes the newest versions. Parameter 10 says whether a version replaces also one that is not older.</summary>
    static string Upsert(string from) =>
        $"""
        INSERT INTO facts ({ColumnNames}, course, course_version) SELECT *, version FROM ({from}) AS written
        ON CONFLICT (request_id) DO UPDATE SET version = excluded.version, recorded_at = excluded.recorded_at,
          requesting_state = excluded.requesting_state, requested_state = excluded.requested_state,
          transmitted_on = excluded.transmitted_on, told_version = excluded.told_version, body = excluded.body,
          course = excluded.course, course_version = excluded.course_version, change_no = NULL
        WHERE facts.version < excluded.version OR $10
        """;

    static Task<int> RemoveVersions(Transaction tx, IReadOnlyList<(Guid Id, int Version)> versions) => tx.Execute(
        "DELETE FROM facts_versions WHERE (request_id, version) IN (SELECT * FROM unnest($1::uuid[], $2::int[]))",
        [versions.Select(v => v.Id).ToArray(), versions.Select(v => v.Version).ToArray()]);

    static object?[] Arguments(List<Row> rows) =>
    [
        rows.Select(r => r.Id).ToArray(), rows.Select(r => r.Version).ToArray(), rows.Select(r => r.RecordedAt).ToArray(),
        rows.Select(r => r.RequestingState).ToArray(), rows.Select(r => r.RequestedState).ToArray(),
        rows.Select(r => r.TransmittedOn).ToArray(), rows.Select(r => r.ToldVersion).ToArray(), rows.Select(r => r.Body).ToArray(),
        rows.Select(r => r.Timeline).ToArray(),
    ];

    /// <summary>A version as it stands in the tables.</summary>
    /// <param name="TransmittedOn">Null while a draft.</param>
    /// <param name="ToldVersion">See <see cref="RequestFacts.ToldVersion"/>.</param>
    /// <param name="Body">The facts, serialised.</param>
    /// <param name="Timeline">
    /// By <see cref="StoredTimeline"/>; empty for a row that was read from the tables and will not be written.
    /// </param>
    internal sealed record Row(
        Guid Id, int Version, DateTimeOffset RecordedAt, string RequestingState, string RequestedState, DateOnly? TransmittedOn,
        int ToldVersion, byte[] Body, byte[] Timeline)
    {
        /// <summary>Reads a row whose columns are <see cref="ColumnNames"/>.</summary>
        public static Row Of(Npgsql.NpgsqlDataReader row) => new(
            row.GetGuid(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2), row.GetString(3), row.GetString(4),
            row.IsDBNull(5) ? null : row.GetFieldValue<DateOnly>(5), row.GetInt32(6), row.GetFieldValue<byte[]>(7), []);

        /// <summary>Makes the row of a version.</summary>
        /// <exception cref="FormatException">It cannot be read, see <see cref="FactsExtensions.EnsureReadable"/>.</exception>
        public static Row Of(RequestFacts facts)
        {
            facts.EnsureReadable();
            return new(facts.Id(), facts.Version, facts.RecordedAt.ToDateTimeOffset(), facts.RequestingState, facts.RequestedState,
                LegalDay.ParseOptional(facts.TransmittedOn), facts.ToldVersion, facts.ToByteArray(), StoredTimeline.Of(facts));
        }

        /// <summary>Whether both are the same to the last byte; the instant to the microsecond, for the table counts no finer.</summary>
        public bool SameAs(Row other) => (Id, Version, RequestingState, RequestedState, TransmittedOn, ToldVersion)
                == (other.Id, other.Version, other.RequestingState, other.RequestedState, other.TransmittedOn, other.ToldVersion)
            && RecordedAt.UtcTicks / TimeSpan.TicksPerMicrosecond == other.RecordedAt.UtcTicks / TimeSpan.TicksPerMicrosecond
            && Body.AsSpan().SequenceEqual(other.Body);
    }
}
