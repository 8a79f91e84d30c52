using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf.WellKnownTypes;
using Npgsql;

namespace Exchange.Requests;

/// <summary>
/// All SQL over the inbox: written by its keeper from the journal, read by officers, a mark kept for each. Its numbers are those
/// of the journal, and after each restore from an older copy a leap higher: a watcher with a number given after that copy
/// then hears everything that comes, where the journal's own numbers come again and would pass him by. What is damaged is shown to nobody,
/// is a finding, and keeps no other from being told.
/// </summary>
sealed class InboxStore(StateRows rows, Database database, Journal journal, RecordFindings findings, LookupIndex index)
{
    const int PageSize = 1_000;

    /// <summary>Everything up to this number is in the inbox, by whichever replica.</summary>
    public async Task<long> Position(CancellationToken ct) => await Positions(ct) is var (inbox, _, leap) ? inbox + leap : 0;

    /// <summary>
    /// Takes the next page of the journal in. One replica at a time, by the lock on the position, which moves in the same
    /// transaction: an entry is taken in once, whoever dies when.
    /// </summary>
    /// <returns>How far the inbox reaches, and whether more is sealed.</returns>
    public async Task<(long SealedNo, bool More)> Follow(CancellationToken ct)
    {
        var (inbox, head, leap) = await Positions(ct);
        var (sealedNo, more) = inbox == head ? (inbox, false) : await database.InTransaction(async transaction =>
        {
            var own = await transaction.Query(
                "SELECT sealed_no FROM positions WHERE source = 'inbox' FOR UPDATE SKIP LOCKED", [], row => row.GetInt64(0));
            if (own is not [var from] || from >= head)
                return (inbox, false); // Another replica is at it, or was.
            var to = Math.Min(from + PageSize, head);
            // Noted before the position moves past them.
            foreach (var (aggregate, version) in await TakeIn(transaction, from, to, leap))
                await findings.NoteUnbelieved(aggregate, version, ct);
            await transaction.Execute("UPDATE positions SET sealed_no = $1 WHERE source = 'inbox'", [to]);
            return (to, to < head);
        }, ct);
        return (sealedNo + leap, more);
    }

    /// <summary>The last number for each state that got something within the range.</summary>
    public Task<List<KeyValuePair<string, long>>> Newest(long after, long to, CancellationToken ct) => database.Query(
        "SELECT addressee, max(sealed_no) FROM inbox WHERE sealed_no > $1 AND sealed_no <= $2 GROUP BY addressee", [after, to],
        row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)), ct);

    /// <summary>What is new for an officer within the range, of requests that he may see and without what he did himself.</summary>
    public async Task<List<InboxItem>> Items(Caller officer, bool mine, long after, long to, int count, CancellationToken ct)
    {
        List<InboxItem> items = [];
        while (true)
        {
            var found = await Found(officer, mine, after, to, count - items.Count, ct);
            var names = (await rows.Query(RequestStore.Table, "WHERE id = ANY($1)", [found.Select(item => item.Id).Distinct().ToArray()],
                row => (row.Id, Reference: row.Of<string>("reference")!, Requesting: row.Of<string>("requesting_state")!,
                    Requested: row.Of<string>("requested_state")!), ct, withoutDamaged: true)).ToDictionary(row => row.Id);
            var sound = found.FindAll(item => names.ContainsKey(item.Id));
            foreach (var (id, item) in sound)
                (_, item.Reference, item.RequestingState, item.RequestedState) = names[id];
            items.AddRange(sound.Select(one => one.Item));
            if (sound.Count == found.Count)
                return items;
            // In the place of what is left out come later ones, or the page would seem to be the last.
            after = found[^1].Item.SealedNo;
        }
    }

    Task<List<(Guid Id, InboxItem Item)>> Found(
        Caller officer, bool mine, long after, long to, int count, CancellationToken ct) => database.Query(
        $"""
        SELECT i.sealed_no, i.request_id, i.version, i.step, i.status, i.side, i.occurred_on, i.recorded_at, i.rung, i.urgency
        FROM inbox i JOIN requests r ON r.id = i.request_id
        WHERE i.addressee = $1 AND i.sealed_no > $3 AND i.sealed_no <= $4 AND i.actor <> $5
          AND {RequestStore.Seen} AND (NOT $6 OR {RequestStore.AssignedHere} = ANY($2))
        ORDER BY i.sealed_no LIMIT $7
        """,
        [.. RequestStore.Viewer(officer, index), after, to, officer.ToString(), mine, count], Read, ct);

    /// <summary>How far the officer has seen his inbox; 0 when he never said.</summary>
    public async Task<long> Mark(Caller officer, CancellationToken ct) => (await database.Query(
        "SELECT sealed_no FROM inbox_marks WHERE officer = $1", [officer.ToString()], row => row.GetInt64(0), ct)).FirstOrDefault();

    /// <summary>Moves the officer's mark, never back, and returns it.</summary>
    public async Task<long> Mark(Caller officer, long sealedNo, CancellationToken ct) => (await database.Query(
        """
        INSERT INTO inbox_marks AS m (officer, sealed_no) VALUES ($1, $2)
        ON CONFLICT (officer) DO UPDATE SET sealed_no = greatest(m.sealed_no, excluded.sealed_no)
        RETURNING sealed_no
        """,
        [officer.ToString(), sealedNo], row => row.GetInt64(0), ct)).Single();

    async Task<(long Inbox, long Journal, long Leap)> Positions(CancellationToken ct) => (await database.Query(
        """
        SELECT sealed_no, coalesce((SELECT max(sealed_no) FROM seal), 0), (SELECT restores FROM provenance)
        FROM positions WHERE source = 'inbox'
        """, [],
        row => (row.GetInt64(0), row.GetInt64(1), row.GetInt32(2) * DatabaseHistory.Gap), ct)).Single();

    // Of an import no entry leaves the database, so that a million of them cost little. Returns what is damaged, and passed over.
    async Task<List<(Guid Aggregate, int Version)>> TakeIn(Transaction transaction, long from, long to, long leap)
    {
        List<(Guid Aggregate, int Version)> damaged = [];
        var news = (await transaction.Query(
            $"""
            SELECT {Journal.Columns}
            FROM seal s JOIN journal j USING (aggregate_id, version) JOIN requests r ON r.id = j.aggregate_id AND r.live
            WHERE s.sealed_no > $1 AND s.sealed_no <= $2
            """,
            [from, to], Believed)).SelectMany(news => news).ToList();
        if (news.Count == 0)
            return damaged;
        using var work = BackgroundWork.Begin("fill inbox")?.SetTag("exchange.entries", news.Count).LinkTo(news.Select(n => n.TraceParent));
        await transaction.Execute(
            """
            INSERT INTO inbox
              (sealed_no, addressee, request_id, version, actor, step, status, side, rung, urgency, occurred_on, recorded_at)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            [
                Column(n => n.SealedNo), Column(n => n.Addressee), Column(n => n.Request), Column(n => n.Version), Column(n => n.Actor),
                Column(n => (short)n.Step), Column(n => (short)n.Status), Column(n => (short)n.Side), Column(n => (short)n.Rung),
                Column(n => (short)n.Urgency), Column(n => n.OccurredOn), Column(n => n.RecordedAt),
            ]);

        return damaged;

        List<News> Believed(NpgsqlDataReader row)
        {
            try
            {
                return NewsIn(journal.ReadRow(row), leap);
            }
            catch (Refusal refusal) when (refusal.Kind is RefusalKind.Damaged)
            {
                damaged.Add((row.GetGuid(1), row.GetInt32(2)));
                return [];
            }
        }

        T[] Column<T>(Func<News, T> value) => [.. news.Select(value)];
    }

    // Read as it comes: what an entry holds of letters and acts need not stay.
    static List<News> NewsIn(SealedRow row, long leap)
    {
        var entry = EntryChain.Read([row])[0].Entry;
        return [.. InboxRule.AddresseesOf(entry).Select(addressee => new News(
            row.SealedNo + leap, addressee, row.AggregateId, entry.Version, entry.Actor.Identity, entry.Step, entry.Facts.Status,
            InboxRule.SideOf(entry), InboxRule.RungOf(entry), entry.Facts.Urgency,
            InboxRule.OccurredOn(entry), entry.RecordedAt.ToDateTimeOffset(), row.TraceParent))];
    }

    static (Guid, InboxItem) Read(NpgsqlDataReader row) => (row.GetGuid(1), new()
    {
        SealedNo = row.GetInt64(0), Request = RequestId.NameOf(row.GetGuid(1)), Version = row.GetInt32(2), Step = (StepCode)row.GetInt16(3),
        Status = (Status)row.GetInt16(4), Side = (Side)row.GetInt16(5), OccurredOn = row.GetFieldValue<DateOnly>(6).ToIso(),
        RecordedAt = row.GetFieldValue<DateTimeOffset>(7).ToTimestamp(), Rung = (Rung)row.GetInt16(8), Urgency = (Urgency)row.GetInt16(9),
    });

    sealed record News(
        long SealedNo, string Addressee, Guid Request, int Version, string Actor, StepCode Step, Status Status, Side Side, Rung Rung,
        Urgency Urgency, DateOnly OccurredOn, DateTimeOffset RecordedAt, string? TraceParent);
}
