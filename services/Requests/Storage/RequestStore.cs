using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Requests;

/// <summary>All SQL over the table <c>requests</c>; it is written by the ledger and read through <see cref="StateRows"/>.</summary>
sealed class RequestStore(StateRows rows, Database database, RequestKeys keys, LookupIndex index)
{
    /// <summary>Whether a case, c, is the one that a row belongs to.</summary>
    const string OfCase = """
        c.state = requesting_state AND NOT outside_case AND (c.id = case_id OR (case_id IS NULL AND c.number_index = case_index))
        """;

    /// <summary>Whether a case, c, is restricted to others than an officer, $2 being the index of what he counts as.</summary>
    const string IsClosed = "c.restricted AND NOT string_to_array(c.admitted, ' ') && $2";

    /// <summary>
    /// Whether a caller sees a row, $1 being his state and $2 the index of what he counts as: what his state knows of, and of what it
    /// sent nothing that belongs to a case closed to him. A null state sees all.
    /// </summary>
    internal const string Seen = $"""
        ($1::text IS NULL OR (requested_state = $1 AND known_to_requested)
          OR (requesting_state = $1 AND known_to_requesting AND NOT EXISTS (SELECT 1 FROM cases c WHERE {OfCase} AND {IsClosed})))
        """;

    /// <summary>Who sees to a row on the caller's side, $1 being his state.</summary>
    internal const string AssignedHere = "CASE WHEN requesting_state = $1 THEN assigned_by_requesting ELSE assigned_by_requested END";

    internal static readonly StateTable Table = new("requests",
    [
        ("reference", NpgsqlDbType.Text), ("case_index", NpgsqlDbType.Text), ("requesting_state", NpgsqlDbType.Text),
        ("requested_state", NpgsqlDbType.Text), ("status", NpgsqlDbType.Smallint), ("transmitted_on", NpgsqlDbType.Date),
        ("fingerprint", NpgsqlDbType.Bytea), ("facts", NpgsqlDbType.Bytea), ("subjects", NpgsqlDbType.Bytea),
        ("dossier", NpgsqlDbType.Bytea), ("letter", NpgsqlDbType.Bytea),
        ("assigned_by_requesting", NpgsqlDbType.Text), ("assigned_by_requested", NpgsqlDbType.Text), ("live", NpgsqlDbType.Boolean),
        ("known_to_requesting", NpgsqlDbType.Boolean), ("known_to_requested", NpgsqlDbType.Boolean),
        ("case_id", NpgsqlDbType.Uuid), ("outside_case", NpgsqlDbType.Boolean), ("confirm_by", NpgsqlDbType.TimestampTz),
        ("particulars", NpgsqlDbType.Bytea),
        ("told_status", NpgsqlDbType.Smallint), ("told_transmitted_on", NpgsqlDbType.Date), ("told_case_index", NpgsqlDbType.Text),
    ]);

    /// <summary>The tables that the ledger keeps up to date.</summary>
    public static IReadOnlyList<StateTable> Tables { get; } = [Table, CaseStore.Table, ReadingStore.Table];

    /// <summary>The row of a request as a change leaves it.</summary>
    /// <param name="facts">As they are stored, without what is said in words.</param>
    public static StateRow Row(RequestFacts facts, RequestChange change) => Row(facts, change, change.ListedAs(facts));

    static StateRow Row(RequestFacts facts, RequestChange change, ListedAs told) => new(Table,
    [
        facts.Reference, change.Dossier.CaseIndex, facts.RequestingState, facts.RequestedState, (short)facts.Status,
        LegalDay.ParseOptional(facts.TransmittedOn),
        change.Fingerprint, FreeTexts.WithoutAny(facts).ToByteArray(), change.Subjects.ToByteArray(), change.Dossier.ToByteArray(),
        change.EncryptedLetter?.ToByteArray(),
        NullIfEmpty(change.Dossier.RequestingAssigneeIndex), NullIfEmpty(change.Dossier.RequestedAssigneeIndex),
        facts.Origin is Origin.OnTheExchange || facts.Adopted,
        Disclosure.IsKnownTo(facts, Side.RequestingSide), Disclosure.IsKnownTo(facts, Side.RequestedSide),
        CaseState.IdOf(change.Dossier.Case), change.Dossier.OutsideCase, change.Dossier.ConfirmBy?.ToDateTimeOffset(),
        change.EncryptedParticulars.ToByteArray(),
        (short)told.Status, LegalDay.ParseOptional(told.TransmittedOn), told.CaseIndex,
    ]);

    static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    /// <summary>The requests known under these references; absent ones are left out.</summary>
    public async Task<Dictionary<(string State, string Reference), RequestState>> FindByReference(
        IReadOnlyCollection<(string State, string Reference)> named, CancellationToken ct) =>
        (await Query("JOIN unnest($1, $2) AS k(state, ref) ON requesting_state = k.state AND reference = k.ref",
            [named.Select(k => k.State).ToArray(), named.Select(k => k.Reference).ToArray()], ct))
        .ToDictionary(state => (state.Facts.RequestingState, state.Facts.Reference));

    /// <summary>The requests of these ids, as far as this caller may see them; absent ones are left out.</summary>
    /// <param name="seenBy">A service, or null, sees all.</param>
    public async Task<Dictionary<Guid, RequestState>> Find(Guid[] ids, Caller? seenBy, CancellationToken ct) => (await Query(
        $"WHERE id = ANY($3) AND {Seen}", [.. Viewer(seenBy, index), ids], ct)).ToDictionary(state => state.Id);

    /// <summary>One request by its reference, as far as this caller may see it; one his state sent first.</summary>
    /// <param name="seenBy">A service, or null, sees all.</param>
    public async Task<RequestState?> Find(string reference, Caller? seenBy, CancellationToken ct) => (await Query(
        $"WHERE reference = $3 AND {Seen} ORDER BY requesting_state = $1 DESC LIMIT 1", [.. Viewer(seenBy, index), reference], ct))
        .FirstOrDefault();

    /// <summary>A page of what the caller's state sent or was sent, newest transmission first, drafts before all.</summary>
    public Task<List<RequestState>> List(Caller seenBy, RequestListFilter filter, int count, CancellationToken ct) => Query(
        $"""
        WHERE {Seen}
          AND (cardinality($3) = 0 OR requested_state = ANY($3))
          AND (cardinality($4) = 0 OR requesting_state = ANY($4))
          AND (cardinality($5) = 0 OR {AsSeen("status")} = ANY($5))
          AND ($6 = '' OR ((case_index = $6 OR told_case_index = $6) AND {AsSeen("case_index")} = $6))
          AND ($7::date IS NULL OR {AsSeen("transmitted_on")} >= $7)
          AND ($8::date IS NULL OR {AsSeen("transmitted_on")} <= $8)
          AND ($9::uuid IS NULL OR (coalesce({AsSeen("transmitted_on")}, 'infinity'), id) < (coalesce($10::date, 'infinity'), $9))
          AND (NOT $11 OR {AssignedHere} = ANY($2))
        ORDER BY coalesce({AsSeen("transmitted_on")}, 'infinity') DESC, id DESC LIMIT $12
        """,
        [
            .. Viewer(seenBy, index), filter.RequestedStates, filter.RequestingStates, filter.Statuses, index.OfCase(filter.CaseNumber),
            Day(filter.TransmittedFrom), Day(filter.TransmittedTo),
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)filter.AfterId ?? DBNull.Value },
            Day(filter.AfterDay), filter.Mine, count,
        ], ct);

    /// <summary>
    /// The requests of the officer's state that are closed to him, ordered by id. Asked from the cases, which are few, so that what is
    /// open costs nothing.
    /// </summary>
    /// <param name="after">The id before the first; the empty id for the beginning.</param>
    public Task<List<Guid>> ClosedTo(Caller officer, Guid after, int count, CancellationToken ct) => database.Query(
        $"""
        SELECT DISTINCT r.id FROM cases c JOIN requests r ON {OfCase}
        WHERE c.state = $1 AND {IsClosed} AND r.id > $3 ORDER BY r.id LIMIT $4
        """,
        [officer.State, index.Of(officer), after, count], row => row.GetGuid(0), ct);

    /// <summary>
    /// The facts of the transmitted requests that replace another and have an entry in this range of the sealed journal. What is known
    /// from registers only replaces nothing, and is left out, as is what is damaged: see <see cref="StateRows"/>.
    /// </summary>
    /// <param name="after">Number before the first.</param>
    /// <param name="to">Last number.</param>
    public async Task<List<RequestFacts>> SealedReplacements(long after, long to, CancellationToken ct) => [.. (await rows.Query(
        Table, """
        WHERE live AND transmitted_on IS NOT NULL
          AND id = ANY (ARRAY(SELECT DISTINCT aggregate_id FROM seal WHERE sealed_no > $1 AND sealed_no <= $2))
        """,
        [after, to], row => RequestFacts.Parser.ParseFrom(row.Of<byte[]>("facts")!), ct, withoutDamaged: true))
        .Where(facts => facts.Supersedes.Length > 0)];

    /// <summary>The facts of the requests of these ids; absent ones and those that are damaged are left out.</summary>
    public Task<List<RequestFacts>> SoundFacts(Guid[] ids, CancellationToken ct) => rows.Query(
        Table, "WHERE id = ANY($1)", [ids], row => RequestFacts.Parser.ParseFrom(row.Of<byte[]>("facts")!), ct, withoutDamaged: true);

    /// <summary>Requests that one officer transmitted alone and nobody confirmed until now, ordered by id.</summary>
    /// <param name="after">The id before the first; the empty id for the beginning.</param>
    public Task<List<Guid>> Unconfirmed(DateTimeOffset now, Guid after, int count, CancellationToken ct) => database.Query(
        "SELECT id FROM requests WHERE confirm_by <= $1 AND id > $2 ORDER BY id LIMIT $3", [now, after, count], row => row.GetGuid(0), ct);

    /// <summary>Number of requests known here.</summary>
    public async Task<long> Count(CancellationToken ct) =>
        (await database.Query("SELECT count(*) FROM requests", [], row => row.GetInt64(0), ct)).Single();

    // What a row is found and ordered by may tell as much as what it shows: for the requested side it is what that side was told.
    static string AsSeen(string column) => $"CASE WHEN requested_state = $1 THEN told_{column} ELSE {column} END";

    static NpgsqlParameter Day(DateOnly? day) => new() { NpgsqlDbType = NpgsqlDbType.Date, Value = (object?)day ?? DBNull.Value };

    /// <summary>$1 and $2 of <see cref="Seen"/>.</summary>
    internal static object?[] Viewer(Caller? caller, LookupIndex index) =>
    [
        new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)caller?.State ?? DBNull.Value }, index.Of(caller),
    ];

    // One question to the database of the keys for all of them.
    async Task<List<RequestState>> Query(string rest, object?[] args, CancellationToken ct)
    {
        var found = await rows.Query(Table, rest, args, Read, ct);
        var known = await keys.Load([.. found.Select(state => state.Id)], ct);
        return found.ConvertAll(state => state.Open(known.GetValueOrDefault(state.Id)));
    }

    static RequestState Read(StateRecord row) => new(row.Id, row.Version, row.HeadHash,
        RequestFacts.Parser.ParseFrom(row.Of<byte[]>("facts")!), SubjectsNamed.Parser.ParseFrom(row.Of<byte[]>("subjects")!))
    {
        Fingerprint = row.Of<byte[]>("fingerprint"),
        Dossier = RequestDossier.Parser.ParseFrom(row.Of<byte[]>("dossier")!),
        EncryptedParticulars = UnsafeByteOperations.UnsafeWrap(row.Of<byte[]>("particulars")!),
        EncryptedLetter = row.Of<byte[]>("letter") is { } letter ? UnsafeByteOperations.UnsafeWrap(letter) : null,
        Told = new((Status)row.Of<short>("told_status"),
            row.Of<DateOnly?>("told_transmitted_on") is { } day ? day.ToIso() : "", row.Of<string>("told_case_index")!),
    };
}

/// <summary>
/// By what a list finds and orders a request for the requested side. It is kept in the row beside what stands, for after a change to post
/// the two differ.
/// </summary>
sealed record ListedAs(Status Status, string TransmittedOn, string CaseIndex);

/// <summary>Which requests a list holds, and where it goes on.</summary>
sealed record RequestListFilter(
    string[] RequestedStates, string[] RequestingStates, short[] Statuses, string CaseNumber,
    DateOnly? TransmittedFrom, DateOnly? TransmittedTo, DateOnly? AfterDay, Guid? AfterId, bool Mine);
