using System.Data;
using System.Diagnostics.Metrics;
using Exchange.Platform;
using Exchange.Requests.V1;
using Npgsql;

namespace Exchange.Tracking;

/// <summary>What an answer stands on.</summary>
/// <param name="Generation">Numbers of another mean something else.</param>
/// <param name="ChangeNo">Every change of the facts up to this number is in it.</param>
/// <param name="SealedNo">Everything sealed by Requests up to this number had been taken in by then.</param>
readonly record struct FactsHead(Guid Generation, long ChangeNo, long SealedNo);

/// <summary>
/// This replica's <see cref="Columns"/>, which follow the changes of the facts wherever they are made: before each answer they
/// catch up with the database. Where numbers went back, or the generation is another, all is read again.
/// </summary>
sealed partial class FactsColumns : IDisposable
{
    const int AtOnce = 20_000;
    const int ToldEvery = 1_000_000;

    // What the other version of this service wrote last is read from its facts, and so is what does not fit the form.
    const string Changes =
        """
        SELECT request_id, version, row_no, CASE WHEN is_kept AND length(course) > 1 THEN course END,
          CASE WHEN NOT (is_kept AND length(course) > 1) THEN body END, is_kept
        FROM (
          SELECT *, coalesce(course_version = version AND get_byte(course, 0) = $2, false) AS is_kept
          FROM facts WHERE change_no > $1) changed
        """;

    const string Head = "SELECT generation, last_no, coalesce((SELECT sealed_no FROM positions WHERE source = 'requests'), 0) FROM facts_changes";

    readonly Database database;
    readonly TimeProvider time;
    readonly ILogger<FactsColumns> log;
    readonly Meter meter = new("Exchange.Tracking");
    readonly SemaphoreSlim turn = new(1);
    readonly ReaderWriterLockSlim access = new();
    Columns columns = new();
    FactsHead at;

    // False while some of the changes after the head are in and others are not.
    bool settled;

    public FactsColumns(Database database, TimeProvider time, ILogger<FactsColumns> log)
    {
        (this.database, this.time, this.log) = (database, time, log);
        meter.CreateObservableGauge("exchange.columns.bytes", () => Size().Bytes, "By", "Memory that the columns take");
        meter.CreateObservableGauge("exchange.columns.requests", () => Size().Requests, "{request}", "Requests in the columns");
    }

    /// <summary>Whether they have been filled once since the start.</summary>
    public bool IsFilled { get; private set; }

    /// <summary>How many requests are in memory, in how many bytes.</summary>
    public (long Requests, long Bytes) Size() => Read(columns => (columns.Count, columns.Bytes));

    /// <summary>Asks for something that is not older than the database at the time of the call.</summary>
    /// <returns>The answer, and what it stands on.</returns>
    public async Task<(T Answer, FactsHead At)> Ask<T>(Func<Columns, T> ask, CancellationToken ct)
    {
        while (true)
        {
            var head = await CatchUp(ct);
            // Meanwhile another may have begun to bring in what is newer.
            var answered = Read(columns => settled && at.Generation == head.Generation && at.ChangeNo >= head.ChangeNo ? (ask(columns), at) : ((T, FactsHead)?)null);
            if (answered is { } answer)
                return answer;
        }
    }

    /// <summary>Brings in what changed; returns the head of the database as it was found.</summary>
    public async Task<FactsHead> CatchUp(CancellationToken ct)
    {
        var head = (await database.Query(Head, [], HeadOf, ct)).Single();
        if (Read(_ => settled && at == head))
            return head;
        await turn.WaitAsync(ct);
        try
        {
            return await BringIn(ct);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        meter.Dispose();
        turn.Dispose();
        access.Dispose();
    }

    async Task<FactsHead> BringIn(CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var tx = new Transaction(connection, ct);
        var head = (await tx.Query(Head, [], HeadOf)).Single();
        if (head.Generation != at.Generation || head.ChangeNo < at.ChangeNo)
            Write(() => (columns, at, settled) = (new(), new(head.Generation, 0, 0), false));
        if (head.ChangeNo > at.ChangeNo || !settled)
            await BringIn(tx, ct);
        Write(() => (at, settled) = (head, true));
        IsFilled = true;
        return head;
    }

    /// <summary>A few changes come in all at once; many, piece by piece, and nobody is answered before the last.</summary>
    async Task BringIn(Transaction tx, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var count = 0;
        List<(int Row, byte[]? Course, RequestFacts? Facts)> piece = [];
        List<(Guid Id, int Version, byte[] Course)> stale = [];
        await using var command = tx.Command(Changes, [at.ChangeNo, (int)CourseForm.Format]);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var facts = reader.IsDBNull(4) ? null : RequestFacts.Parser.ParseFrom(reader.GetFieldValue<byte[]>(4));
            piece.Add((reader.GetInt32(2), facts is null ? reader.GetFieldValue<byte[]>(3) : null, facts));
            if (facts is not null && !reader.GetBoolean(5))
                stale.Add((reader.GetGuid(0), reader.GetInt32(1), CourseForm.Of(facts)));
            if (++count % ToldEvery == 0)
                Reading(count, time.GetElapsedTime(began).TotalSeconds);
            if (piece.Count < AtOnce)
                continue;
            Put(piece, isLast: false);
            await Renew(stale, ct);
        }
        Put(piece, isLast: true);
        await Renew(stale, ct);
        if (count >= AtOnce)
            Filled(count, time.GetElapsedTime(began).TotalSeconds, Size().Bytes);
    }

    void Put(List<(int Row, byte[]? Course, RequestFacts? Facts)> piece, bool isLast)
    {
        Write(() =>
        {
            settled &= isLast;
            foreach (var (row, course, facts) in piece)
            {
                if (facts is null)
                    columns.Put(row, course);
                else
                    columns.Put(row, facts);
            }
        });
        piece.Clear();
    }

    /// <summary>Keeps the form of what had to be read from its facts. Whatever somebody else has locked he writes himself.</summary>
    async Task Renew(List<(Guid Id, int Version, byte[] Course)> stale, CancellationToken ct)
    {
        if (stale.Count == 0)
            return;
        await database.Execute(
            """
            UPDATE facts SET course = s.course, course_version = s.version
            FROM unnest($1::uuid[], $2::int[], $3::bytea[]) AS s (id, version, course),
              LATERAL (SELECT 1 FROM facts WHERE request_id = s.id AND version = s.version FOR UPDATE SKIP LOCKED) free
            WHERE facts.request_id = s.id AND facts.version = s.version
            """,
            [stale.Select(s => s.Id).ToArray(), stale.Select(s => s.Version).ToArray(), stale.Select(s => s.Course).ToArray()], ct);
        stale.Clear();
    }

    static FactsHead HeadOf(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetInt64(1), row.GetInt64(2));

    T Read<T>(Func<Columns, T> read)
    {
        access.EnterReadLock();
        try
        {
            return read(columns);
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
