using Exchange.Platform;
using Exchange.Requests.V1;
using NpgsqlTypes;

namespace Exchange.Requests;

/// <summary>
/// Which readings of identities there were of a request. What was read for and by whom stands in the journal alone; the table, written by
/// the ledger only, says where.
/// </summary>
sealed class ReadingStore(Database database)
{
    /// <summary>What the ledger keeps up to date.</summary>
    public static StateTable Table { get; } = new("readings",
        [("request_id", NpgsqlDbType.Uuid), ("state", NpgsqlDbType.Text), ("read_at", NpgsqlDbType.TimestampTz)]);

    /// <summary>The row of an officer's reading.</summary>
    public static StateRow Row(Guid request, string state, DateTimeOffset at) => new(Table, [request, state, at.ToUniversalTime()]);

    /// <summary>The entries of the readings of a request by officers of these states, the oldest first.</summary>
    public async Task<List<JournalEntry>> Of(Guid request, string[] states, CancellationToken ct) => [.. (await database.Query(
        """
        SELECT j.entry FROM readings r JOIN journal j ON j.aggregate_id = r.id AND j.version = r.version
        WHERE r.request_id = $1 AND r.state = ANY($2) ORDER BY r.read_at, r.id
        """,
        [request, states], row => row.GetFieldValue<byte[]>(0), ct)).Select(entry => RequestState.Parse(entry))];
}
