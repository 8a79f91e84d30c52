using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Tracking;

/// <summary>The position of the last rung of a page. It is written into page tokens, by the names of its properties.</summary>
sealed record RungPosition(DateTimeOffset RecordedAt, Guid Id);

/// <summary>A rung as it stands in the table, with the version and the hash of its newest journal entry.</summary>
/// <param name="EncryptedLetter">As <see cref="RungLetters"/> made it; empty where the letter was lost.</param>
sealed record KnownRung(int Version, byte[] HeadHash, TakenRung Taken, byte[] EncryptedLetter);

/// <summary>Reads the tables of rungs. They are written by the ledger, from <see cref="Row"/>, and by <see cref="Note"/>.</summary>
sealed class RungStore(StateRows rows, Database database, Journal journal, RungLetters letters)
{
    /// <summary>What the ledger writes, in the order of <see cref="Row"/>.</summary>
    public static StateTable Table { get; } = new("rungs",
    [
        ("requesting_state", NpgsqlDbType.Text), ("partner", NpgsqlDbType.Text), ("rung", NpgsqlDbType.Integer),
        ("taken_on", NpgsqlDbType.Date),
        ("recorded_at", NpgsqlDbType.TimestampTz), ("requests", NpgsqlDbType.Text), ("body", NpgsqlDbType.Bytea),
        ("encrypted_letter", NpgsqlDbType.Bytea),
    ]);

    /// <summary>The row of a rung for the ledger to write.</summary>
    /// <param name="encryptedLetter">As <see cref="RungLetters"/> made it; empty where the letter was lost.</param>
    /// <param name="requests">Requests for which the database must refuse to take the same rung again.</param>
    public static StateRow Row(string requestingState, TakenRung taken, byte[] encryptedLetter, IEnumerable<Guid> requests)
    {
        var body = taken.Clone();
        body.Letter = "";
        return new(Table,
        [
            requestingState, taken.Partner, (int)taken.Rung, LegalDay.ParseOptional(taken.TakenOn), taken.RecordedAt.ToDateTimeOffset(),
            string.Join(',', requests), body.ToByteArray(), encryptedLetter,
        ]);
    }

    /// <summary>
    /// The requests of a state whose policy limit has passed unanswered, without those of registers, each with the highest rung taken for
    /// it, or none. They are those with a standing flag, which are far fewer than all requests.
    /// </summary>
    /// <param name="requestingState">Whose requests.</param>
    /// <param name="partners">Requests to these states only; to any state where empty.</param>
    /// <param name="requests">These requests only, so that no other facts are read; all where empty.</param>
    public Task<List<(RequestFacts Facts, PriorRung[] Taken)>> Overdue(
        string requestingState, string[] partners, Guid[] requests, CancellationToken ct) => database.Query(
        """
        SELECT f.body, t.rung, t.taken_on FROM flags g JOIN facts f USING (request_id)
        LEFT JOIN LATERAL (
          SELECT rung, taken_on FROM rungs_of_requests r WHERE r.request_id = g.request_id ORDER BY rung DESC LIMIT 1) t ON true
        WHERE g.limit_kind = 1 AND g.cleared_on IS NULL AND g.origin = 1
          AND f.requesting_state = $1 AND (cardinality($2) = 0 OR f.requested_state = ANY($2))
          AND (cardinality($3) = 0 OR g.request_id = ANY($3))
        """,
        [requestingState, partners, requests],
        row => (RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(0)),
            row.IsDBNull(1) ? Array.Empty<PriorRung>() : [new PriorRung((Rung)row.GetInt32(1), row.GetFieldValue<DateOnly>(2))]), ct);

    /// <summary>A rung by its id; null where it is not known.</summary>
    public async Task<KnownRung?> Find(Guid id, CancellationToken ct) => (await rows.Query(
        Table, "WHERE id = $1", [id], row => new KnownRung(row.Version, row.HeadHash, TakenOf(row), LetterOf(row)), ct)).SingleOrDefault();

    /// <summary>
    /// Notes that the rung was taken for this request, so that it cannot be taken again, whatever its journal entry says.
    /// </summary>
    public Task Note(Guid request, Rung rung, DateOnly takenOn, CancellationToken ct) => database.Execute(
        "INSERT INTO rungs_of_requests (request_id, rung, taken_on) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [request, (int)rung, takenOn], ct);

    /// <summary>The messages by which Requests was told of the rungs that were taken here, the oldest first.</summary>
    /// <param name="which">Ids of rungs; null for all.</param>
    public async Task<List<RungConfirmed>> Confirmed(CancellationToken ct, Guid[]? which = null) =>
    [
        .. (await journal.FirstEntries(ct, which)).Select(row => EntryBytes.Parse(row.Entry, TrackingEntry.Parser))
            .Select(RungEntry.EventOf).OfType<RungConfirmed>(),
    ];

    /// <summary>A page of the rungs that a state took or that were taken with it, the newest first.</summary>
    public Task<List<StateRung>> List(string viewer, string[] partners, RungPosition? after, int count, CancellationToken ct) =>
        rows.Query(
        Table, """
        WHERE $1 IN (requesting_state, partner) AND (cardinality($2) = 0 OR partner = ANY($2))
          AND ($3::timestamptz IS NULL OR (recorded_at, id) < ($3, $4::uuid))
        ORDER BY recorded_at DESC, id DESC LIMIT $5
        """,
        [
            viewer, partners,
            new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)after?.RecordedAt.ToUniversalTime() ?? DBNull.Value,
            },
            after?.Id ?? Guid.Empty, count,
        ],
        row => new StateRung(row.Of<string>("requesting_state")!, TakenOf(row)), ct);

    /// <summary>The facts of these requests as the requested state was told them, by name; without those it was told nothing of.</summary>
    public async Task<Dictionary<string, RequestFacts>> Told(Guid[] requests, CancellationToken ct) => requests.Length == 0 ? []
        : (await database.Query(
            """
            SELECT told.body FROM facts f JOIN facts_versions told ON told.request_id = f.request_id AND told.version = f.told_version
            WHERE f.request_id = ANY($1)
            """, [requests], row => RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(0)), ct))
            .ToDictionary(facts => facts.Request);

    TakenRung TakenOf(StateRecord row)
    {
        var (taken, letter) = (TakenRung.Parser.ParseFrom(row.Of<byte[]>("body")!), LetterOf(row));
        taken.Letter = letter.Length == 0 ? RungRecovery.LetterLost : letters.Decrypt(RungEntry.IdOf(taken), letter);
        return taken;
    }

    static byte[] LetterOf(StateRecord row) => row.Of<byte[]>("encrypted_letter")!;
}
