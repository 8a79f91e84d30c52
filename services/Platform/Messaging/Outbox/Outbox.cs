namespace Exchange.Platform;

/// <summary>Messages that are committed and not yet confirmed by the broker (table <c>outbox</c>).</summary>
public sealed class Outbox(Database database)
{
    /// <summary>How many messages wait, and since when the oldest does.</summary>
    public async Task<(long Waiting, DateTimeOffset? Oldest)> Waiting(CancellationToken ct) =>
        (await database.Query("SELECT count(*), min(committed_at) FROM outbox", [],
            row => (row.GetInt64(0), row.IsDBNull(1) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(1)), ct)).Single();

    /// <summary>Adds messages that are to be published once more; the dispatcher finds them once the lease has run out.</summary>
    public Task Add(IReadOnlyList<OutboxMessage> messages, DateTimeOffset leasedUntil, CancellationToken ct) => database.Execute(
        "INSERT INTO outbox (id, type, body, leased_until) SELECT id, type, body, $4 FROM unnest($1, $2, $3) AS m (id, type, body)",
        [messages.Select(m => m.Id).ToArray(), messages.Select(m => m.Type).ToArray(), messages.Select(m => m.Body).ToArray(),
            leasedUntil], ct);
}
