using System.Globalization;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Requests;

/// <summary>All SQL over the table <c>requests</c>; it is written by the ledger only.</summary>
sealed class RequestStore(Database database)
{
    const string Select = "SELECT id, version, head_hash, fingerprint, facts, subjects FROM requests";

    /// <summary>What the ledger writes, in the order of <see cref="Columns"/>.</summary>
    public static StateTable Table { get; } = new("requests",
    [
        ("reference", NpgsqlDbType.Text), ("case_number", NpgsqlDbType.Text), ("requesting_state", NpgsqlDbType.Text),
        ("requested_state", NpgsqlDbType.Text), ("status", NpgsqlDbType.Smallint), ("transmitted_on", NpgsqlDbType.Date),
        ("fingerprint", NpgsqlDbType.Bytea), ("facts", NpgsqlDbType.Bytea), ("subjects", NpgsqlDbType.Bytea),
    ]);

    /// <summary>Values of <see cref="Table"/>.</summary>
    public static object?[] Columns(RequestFacts facts, SubjectsNamed subjects, byte[]? fingerprint) =>
    [
        facts.Reference, facts.CaseNumber, facts.RequestingState, facts.RequestedState, (short)facts.Status,
        facts.TransmittedOn.Length == 0 ? null : DateOnly.ParseExact(facts.TransmittedOn, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        fingerprint, facts.ToByteArray(), subjects.ToByteArray(),
    ];

    /// <summary>The requests known under these references; absent ones are left out.</summary>
    public async Task<Dictionary<(string State, string Reference), RequestState>> FindByReference(
        IReadOnlyCollection<(string State, string Reference)> keys, CancellationToken ct) =>
        (await database.Query(
            Select + " JOIN unnest($1, $2) AS k(state, ref) ON requesting_state = k.state AND reference = k.ref",
            [keys.Select(k => k.State).ToArray(), keys.Select(k => k.Reference).ToArray()], Read, ct))
        .ToDictionary(state => (state.Facts.RequestingState, state.Facts.Reference));

    /// <summary>The requests of these ids, as far as this state may see them; absent ones are left out.</summary>
    public async Task<Dictionary<Guid, RequestState>> Find(Guid[] ids, string? seenBy, CancellationToken ct) => (await database.Query(
        Select + " WHERE id = ANY($1) AND ($2::text IS NULL OR $2 IN (requesting_state, requested_state))", [ids, seenBy], Read, ct))
        .ToDictionary(state => state.Id);

    /// <summary>One request by its reference, as far as this state may see it; its own reference first.</summary>
    public async Task<RequestState?> Find(string reference, string? seenBy, CancellationToken ct) => (await database.Query(
        Select + """
             WHERE reference = $1 AND ($2::text IS NULL OR $2 IN (requesting_state, requested_state))
            ORDER BY requesting_state = $2 DESC LIMIT 1
            """, [reference, seenBy], Read, ct)).FirstOrDefault();

    /// <summary>A page of what this state sent or was sent, newest transmission first.</summary>
    public Task<List<RequestState>> List(string seenBy, RequestFilter filter, int count, CancellationToken ct) => database.Query(
        Select + """
             WHERE $1 IN (requesting_state, requested_state)
              AND (cardinality($2) = 0 OR requested_state = ANY($2))
              AND (cardinality($3) = 0 OR requesting_state = ANY($3))
              AND (cardinality($4) = 0 OR status = ANY($4))
              AND ($5 = '' OR case_number = $5)
              AND ($6::date IS NULL OR transmitted_on >= $6)
              AND ($7::date IS NULL OR transmitted_on <= $7)
              AND ($8::uuid IS NULL OR (coalesce(transmitted_on, 'infinity'), id) < (coalesce($9::date, 'infinity'), $8))
            ORDER BY coalesce(transmitted_on, 'infinity') DESC, id DESC LIMIT $10
            """,
        [
            seenBy, filter.RequestedStates, filter.RequestingStates, filter.Statuses, filter.CaseNumber,
            Day(filter.TransmittedFrom), Day(filter.TransmittedTo),
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)filter.AfterId ?? DBNull.Value },
            Day(filter.AfterDay), count,
        ], Read, ct);

    /// <summary>How many there are.</summary>
    public async Task<long> Count(CancellationToken ct) =>
        (await database.Query("SELECT count(*) FROM requests", [], row => row.GetInt64(0), ct)).Single();

    static NpgsqlParameter Day(DateOnly? day) => new() { NpgsqlDbType = NpgsqlDbType.Date, Value = (object?)day ?? DBNull.Value };

    static RequestState Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2),
        row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3), RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(4)),
        SubjectsNamed.Parser.ParseFrom(row.GetFieldValue<byte[]>(5)));
}

/// <summary>Which requests a list holds, and where it goes on.</summary>
sealed record RequestFilter(
    string[] RequestedStates, string[] RequestingStates, short[] Statuses, string CaseNumber,
    DateOnly? TransmittedFrom, DateOnly? TransmittedTo, DateOnly? AfterDay, Guid? AfterId);
