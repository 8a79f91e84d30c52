using Exchange.Platform;
using Exchange.Requests.V1;
using NpgsqlTypes;

namespace Exchange.Requests;

/// <summary>
/// Which readings of identities there were of a request. What was read for and by whom stands in the journal alone; the table, written by
/// the ledger and read through <see cref="StateRows"/>, says where.
/// </summary>
sealed class ReadingStore(StateRows rows, Journal journal)
{
    /// <summary>What the ledger keeps up to date.</summary>
    public static StateTable Table { get; } = new("readings",
        [("request_id", NpgsqlDbType.Uuid), ("state", NpgsqlDbType.Text), ("read_at", NpgsqlDbType.TimestampTz)]);

    /// <summary>The row of an officer's reading, out of its entry.</summary>
    public static StateRow Row(JournalEntry entry) => new(Table,
    [
        RequestId.Parse(entry.Steps[0].IdentitiesRead.Requests[0]), RequestState.StateOf(entry.Actor)!,
        entry.RecordedAt.ToDateTimeOffset(),
    ]);

    /// <summary>The entries of the readings of a request by officers of these states, the oldest first.</summary>
    public async Task<List<JournalEntry>> Of(Guid request, string[] states, CancellationToken ct)
    {
        List<JournalEntry> readings = [];
        foreach (var id in await rows.Query(Table, "WHERE request_id = $1 AND state = ANY($2) ORDER BY read_at, id",
            [request, states], row => row.Id, ct))
            readings.AddRange(EntryChain.Read(await journal.OfAggregate(id, ct)).Select(read => read.Entry));
        return readings;
    }
}
