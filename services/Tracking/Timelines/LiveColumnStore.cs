using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics.Metrics;
using Exchange.Platform;
using Exchange.Requests.V1;
using Npgsql;

namespace Exchange.Tracking;

/// <summary>The state of the database that an answer stands on.</summary>
/// <param name="Generation">Numbers of one generation mean nothing in another.</param>
/// <param name="ChangeNo">Every change of the facts up to this number is in the answer.</param>
/// <param name="SealedNo">Everything that Requests had sealed up to this number had been taken in; 0 where nothing had.</param>
readonly record struct FactsHead(Guid Generation, long ChangeNo, long SealedNo);

/// <summary>
/// This replica's <see cref="ColumnStore"/>, kept up to date with the table <c>facts</c> whichever replica writes it: before each
/// answer it reads the changes it lacks. Where numbers went back, or the generation is another, everything is read again. Queries
/// write nothing to the database.
/// </summary>
sealed partial class LiveColumnStore : IDisposable
{
    // Changes put into the store under one write lock; while it is held no query is answered.
    const int BatchSize = 20_000;
    const int LogEvery = 1_000_000;
    const int RewrittenAtOnce = 1_000;

    // Read from its facts is what has no stored timeline of this format and version, as the version before this one leaves it, and
    // what has one of a single byte, because it does not fit.
    const string IsCurrent = "coalesce(course_version = version AND get_byte(course, 0) = $2, false)";

    const string Changes =
        $"""
        SELECT changed.request_id, row_no, CASE WHEN is_current AND length(course) > 1 THEN course END,
          CASE WHEN NOT (is_current AND length(course) > 1) THEN changed.body END, is_current, told.body
        FROM (SELECT *, {IsCurrent} AS is_current FROM facts WHERE change_no > $1) changed
        LEFT JOIN facts_versions told ON changed.told_version > 0 AND changed.told_version < changed.version
          AND told.request_id = changed.request_id AND told.version = changed.told_version
        """;

    const string Head =
        "SELECT generation, last_no, coalesce((SELECT sealed_no FROM positions WHERE source = 'requests'), 0) FROM facts_changes";

    readonly Database database;
    readonly TimeProvider time;
    readonly ILogger<LiveColumnStore> log;
    readonly Meter meter = new("Exchange.Tracking");

    // One catches up at a time; many read, and a writer is alone.
    readonly SemaphoreSlim catchingUp = new(1);
    readonly ReaderWriterLockSlim access = new();

    // Requests whose stored timeline is to be written anew.
    readonly ConcurrentQueue<Guid> outdated = [];

    ColumnStore store = new();
    FactsHead at;

    // False while some of the changes after the head are in the store and others are not: then nobody may be answered.
    bool isConsistent;

    public LiveColumnStore(Database database, TimeProvider time, ILogger<LiveColumnStore> log)
    {
        (this.database, this.time, this.log) = (database, time, log);
        meter.CreateObservableGauge("exchange.columns.bytes", () => Size().Bytes, "By", "Memory that the columns take");
        meter.CreateObservableGauge("exchange.columns.requests", () => Size().Requests, "{request}", "Requests in the columns");
    }

    /// <summary>Whether the store has been filled once since the start.</summary>
    public bool IsFilled { get; private set; }

    /// <summary>How many requests are in memory, and in how many bytes.</summary>
    public (long Requests, long Bytes) Size() => Read(store => (store.Count, store.Bytes));

    /// <summary>Runs a query on a state that is not older than the database was at the time of the call.</summary>
    /// <param name="query">Runs under a read lock, so it must neither wait nor write.</param>
    /// <returns>The answer, and the state it stands on.</returns>
    public async Task<(T Answer, FactsHead At)> Ask<T>(Func<ColumnStore, T> query, CancellationToken ct)
    {
        while (true)
        {
            var head = await CatchUp(ct);
            // Meanwhile another call may have begun to read what is newer; then this one waits for it by catching up again.
            var answered = Read(store => isConsistent && at.Generation == head.Generation && at.ChangeNo >= head.ChangeNo
                ? (query(store), at) : ((T, FactsHead)?)null);
            if (answered is { } answer)
                return answer;
        }
    }

    /// <summary>Reads the changes that the store lacks; returns the state of the database that was found.</summary>
    public async Task<FactsHead> CatchUp(CancellationToken ct)
    {
        var head = (await database.Query(Head, [], ReadHead, ct)).Single();
        if (Read(_ => isConsistent && at == head))
            return head;
        await catchingUp.WaitAsync(ct);
        try
        {
            return await ReadChanges(ct);
        }
        finally
        {
            catchingUp.Release();
        }
    }

    /// <summary>
    /// Writes anew the stored timelines that were found missing or outdated while changes were read, so that the next start reads
    /// them instead of the facts. A row that somebody else has locked is left out, because whoever locked it writes it himself;
    /// what is left out, or lost in a failure, is found again by the next start.
    /// </summary>
    public async Task RewriteOutdated(CancellationToken ct)
    {
        List<Guid> some = new(RewrittenAtOnce);
        while (!outdated.IsEmpty)
        {
            some.Clear();
            while (some.Count < RewrittenAtOnce && outdated.TryDequeue(out var id))
                some.Add(id);
            var rows = await database.Query($"SELECT request_id, version, body FROM facts WHERE request_id = ANY($1) AND NOT {IsCurrent}",
                [some.ToArray(), (int)StoredTimeline.Format],
                row => (Id: row.GetGuid(0), Version: row.GetInt32(1),
                    Stored: StoredTimeline.Of(RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(2)))), ct);
            await database.Execute(
                """
                UPDATE facts SET course = s.course, course_version = s.version
                FROM unnest($1::uuid[], $2::int[], $3::bytea[]) AS s (id, version, course),
                  LATERAL (SELECT 1 FROM facts WHERE request_id = s.id AND version = s.version FOR UPDATE SKIP LOCKED) free
                WHERE facts.request_id = s.id AND facts.version = s.version
                """,
                [rows.Select(s => s.Id).ToArray(), rows.Select(s => s.Version).ToArray(), rows.Select(s => s.Stored).ToArray()], ct);
        }
    }

    public void Dispose()
    {
        meter.Dispose();
        catchingUp.Dispose();
        access.Dispose();
    }

    async Task<FactsHead> ReadChanges(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var tx = new Transaction(connection, ct);
        var head = (await tx.Query(Head, [], ReadHead)).Single();
        if (head.Generation != at.Generation || head.ChangeNo < at.ChangeNo)
            Write(() => (store, at, isConsistent) = (new(), new(head.Generation, 0, 0), false));
        if (head.ChangeNo > at.ChangeNo || !isConsistent)
            await ReadChanges(tx, ct);
        Write(() => (at, isConsistent) = (head, true));
        IsFilled = true;
        return head;
    }

    /// <summary>A few changes are put into the store at once; many, batch by batch, and no query is answered before the last.</summary>
    async Task ReadChanges(Transaction tx, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var count = 0;
        List<(int Row, byte[]? Stored, RequestFacts? Facts, RequestFacts? Told)> batch = [];
        await using var command = tx.Command(Changes, [at.ChangeNo, (int)StoredTimeline.Format]);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var facts = FactsIn(3);
            batch.Add((reader.GetInt32(1), facts is null ? reader.GetFieldValue<byte[]>(2) : null, facts, FactsIn(5)));
            if (!reader.GetBoolean(4))
                outdated.Enqueue(reader.GetGuid(0));
            if (++count % LogEvery == 0)
                Reading(count, time.GetElapsedTime(began).TotalSeconds);
            if (batch.Count == BatchSize)
                Put(batch, isLast: false);
        }
        Put(batch, isLast: true);
        if (count >= BatchSize)
            Filled(count, time.GetElapsedTime(began).TotalSeconds, Size().Bytes);

        RequestFacts? FactsIn(int column) =>
            reader.IsDBNull(column) ? null : RequestFacts.Parser.ParseFrom(reader.GetFieldValue<byte[]>(column));
    }

    void Put(List<(int Row, byte[]? Stored, RequestFacts? Facts, RequestFacts? Told)> batch, bool isLast)
    {
        Write(() =>
        {
            isConsistent &= isLast;
            foreach (var (row, stored, facts, told) in batch)
            {
                store.PutTold(row, told);
                if (facts is null)
                    store.Put(row, stored);
                else
                    store.Put(row, facts);
            }
        });
        batch.Clear();
    }

    static FactsHead ReadHead(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetInt64(1), row.GetInt64(2));

    T Read<T>(Func<ColumnStore, T> read)
    {
        access.EnterReadLock();
        try
        {
            return read(store);
        }
        finally
        {
            access.ExitReadLock();
        }
    }

    void Write(Action write)
    {
        access.EnterWriteLock();
        try
        {
            write();
        }
        finally
        {
            access.ExitWriteLock();
        }
    }

    [LoggerMessage(3010, LogLevel.Information, "Reading facts into memory: {Count} requests in {Seconds:0.0} s so far")]
    partial void Reading(int count, double seconds);

    [LoggerMessage(3011, LogLevel.Information, "Read {Count} requests into memory in {Seconds:0.0} s; the columns take {Bytes} bytes")]
    partial void Filled(int count, double seconds, long bytes);
}
