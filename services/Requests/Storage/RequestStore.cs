using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Requests;

/// <summary>All SQL over the table <c>requests</c>; it is written by the ledger and read through <see cref="StateRows"/>.</summary>
sealed class RequestStore(StateRows rows, Database database)
{

    /// <summary>
    /// Whether a caller sees a row, $1 being his state and $2 the units and officers he counts as: what his state sent, unless the
    /// case is restricted to others; what an officer gave to his state on the exchange. A null state sees all.
    /// </summary>
    internal const string Seen = """
        ($1::text IS NULL OR (requested_state = $1 AND given)
          OR (requesting_state = $1 AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.state = requesting_state AND c.number = case_number
                AND c.restricted AND NOT string_to_array(c.admitted, ' ') && $2)))
        """;

    /// <summary>Who sees to a row on the caller's side, $1 being his state.</summary>
    internal const string AssignedHere = "CASE WHEN requesting_state = $1 THEN assigned_by_requesting ELSE assigned_by_requested END";

    internal static readonly StateTable Table = new("requests",
    [
        ("reference", NpgsqlDbType.Text), ("case_number", NpgsqlDbType.Text), ("requesting_state", NpgsqlDbType.Text),
        ("requested_state", NpgsqlDbType.Text), ("status", NpgsqlDbType.Smallint), ("transmitted_on", NpgsqlDbType.Date),
        ("fingerprint", NpgsqlDbType.Bytea), ("facts", NpgsqlDbType.Bytea), ("subjects", NpgsqlDbType.Bytea),
        ("dossier", NpgsqlDbType.Bytea), ("letter", NpgsqlDbType.Bytea),
        ("assigned_by_requesting", NpgsqlDbType.Text), ("assigned_by_requested", NpgsqlDbType.Text), ("live", NpgsqlDbType.Boolean),
        ("given", NpgsqlDbType.Boolean),
    ]);

    /// <summary>The tables that the ledger keeps up to date.</summary>
    public static IReadOnlyList<StateTable> Tables { get; } = [Table, CaseStore.Table];

    /// <summary>The row of a request as a change leaves it.</summary>
    public static StateRow Row(RequestFacts facts, RequestChange change) => new(Table,
    [
        facts.Reference, facts.CaseNumber, facts.RequestingState, facts.RequestedState, (short)facts.Status,
        LegalDay.ParseOptional(facts.TransmittedOn),
        change.Fingerprint, facts.ToByteArray(), change.Subjects.ToByteArray(), change.Dossier.ToByteArray(),
        change.EncryptedLetter?.ToByteArray(),
        change.Dossier.AssignedTo(Side.RequestingSide), change.Dossier.AssignedTo(Side.RequestedSide),
        facts.Origin is Origin.OnTheExchange || facts.Adopted, facts.Given,
    ]);

    /// <summary>The requests known under these references; absent ones are left out.</summary>
    public async Task<Dictionary<(string State, string Reference), RequestState>> FindByReference(
        IReadOnlyCollection<(string State, string Reference)> keys, CancellationToken ct) =>
        (await rows.Query(
            Table, "JOIN unnest($1, $2) AS k(state, ref) ON requesting_state = k.state AND reference = k.ref",
            [keys.Select(k => k.State).ToArray(), keys.Select(k => k.Reference).ToArray()], Read, ct))
        .ToDictionary(state => (state.Facts.RequestingState, state.Facts.Reference));

    /// <summary>The requests of these ids, as far as this caller may see them; absent ones are left out.</summary>
    /// <param name="seenBy">A service, or null, sees all.</param>
    public async Task<Dictionary<Guid, RequestState>> Find(Guid[] ids, Caller? seenBy, CancellationToken ct) => (await rows.Query(
        Table, $"WHERE id = ANY($3) AND {Seen}", [.. Viewer(seenBy), ids], Read, ct)).ToDictionary(state => state.Id);

    /// <summary>One request by its reference, as far as this caller may see it; one his state sent first.</summary>
    /// <param name="seenBy">A service, or null, sees all.</param>
    public async Task<RequestState?> Find(string reference, Caller? seenBy, CancellationToken ct) => (await rows.Query(
        Table, $"WHERE reference = $3 AND {Seen} ORDER BY requesting_state = $1 DESC LIMIT 1", [.. Viewer(seenBy), reference], Read,
        ct)).FirstOrDefault();

    /// <summary>A page of what the caller's state sent or was sent, newest transmission first, drafts before all.</summary>
    public Task<List<RequestState>> List(Caller seenBy, RequestListFilter filter, int count, CancellationToken ct) => rows.Query(
        Table, $"""
        WHERE {Seen}
          AND (cardinality($3) = 0 OR requested_state = ANY($3))
          AND (cardinality($4) = 0 OR requesting_state = ANY($4))
          AND (cardinality($5) = 0 OR status = ANY($5))
          AND ($6 = '' OR case_number = $6)
          AND ($7::date IS NULL OR transmitted_on >= $7)
          AND ($8::date IS NULL OR transmitted_on <= $8)
          AND ($9::uuid IS NULL OR (coalesce(transmitted_on, 'infinity'), id) < (coalesce($10::date, 'infinity'), $9))
          AND (NOT $11 OR {AssignedHere} = ANY($12))
        ORDER BY coalesce(transmitted_on, 'infinity') DESC, id DESC LIMIT $13
        """,
        [
            .. Viewer(seenBy), filter.RequestedStates, filter.RequestingStates, filter.Statuses, filter.CaseNumber,
            Day(filter.TransmittedFrom), Day(filter.TransmittedTo),
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)filter.AfterId ?? DBNull.Value },
            Day(filter.AfterDay), filter.Mine, seenBy.CountsAs(), count,
        ], Read, ct);

    /// <summary>
    /// The facts of the transmitted requests that replace another and have an entry in this range of the sealed journal. What is known
    /// from registers only replaces nothing, and is left out.
    /// </summary>
    /// <param name="after">Number before the first.</param>
    /// <param name="to">Last number.</param>
    public async Task<List<RequestFacts>> SealedReplacements(long after, long to, CancellationToken ct) => [.. (await rows.Query(
        Table, """
        WHERE live AND transmitted_on IS NOT NULL
          AND id = ANY (ARRAY(SELECT DISTINCT aggregate_id FROM seal WHERE sealed_no > $1 AND sealed_no <= $2))
        """,
        [after, to], row => RequestFacts.Parser.ParseFrom(row.Of<byte[]>("facts")!), ct)).Where(facts => facts.Supersedes.Length > 0)];

    /// <summary>Number of requests known here.</summary>
    public async Task<long> Count(CancellationToken ct) =>
        (await database.Query("SELECT count(*) FROM requests", [], row => row.GetInt64(0), ct)).Single();

    static NpgsqlParameter Day(DateOnly? day) => new() { NpgsqlDbType = NpgsqlDbType.Date, Value = (object?)day ?? DBNull.Value };

    /// <summary>$1 and $2 of <see cref="Seen"/>.</summary>
    internal static object?[] Viewer(Caller? caller) =>
    [
        new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)caller?.State ?? DBNull.Value },
        caller?.CountsAs() ?? [],
    ];

    static RequestState Read(StateRecord row) => new(row.Id, row.Version, row.HeadHash,
        RequestFacts.Parser.ParseFrom(row.Of<byte[]>("facts")!), SubjectsNamed.Parser.ParseFrom(row.Of<byte[]>("subjects")!))
    {
        Fingerprint = row.Of<byte[]>("fingerprint"),
        Dossier = RequestDossier.Parser.ParseFrom(row.Of<byte[]>("dossier")!),
        EncryptedLetter = row.Of<byte[]>("letter") is { } letter ? UnsafeByteOperations.UnsafeWrap(letter) : null,
    };
}

/// <summary>Which requests a list holds, and where it goes on.</summary>
sealed record RequestListFilter(
    string[] RequestedStates, string[] RequestingStates, short[] Statuses, string CaseNumber,
    DateOnly? TransmittedFrom, DateOnly? TransmittedTo, DateOnly? AfterDay, Guid? AfterId, bool Mine);
