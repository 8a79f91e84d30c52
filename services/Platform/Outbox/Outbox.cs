namespace Exchange.Platform;

/// <summary>What is committed and not yet confirmed by the broker.</summary>
public sealed class Outbox(Database database)
{
    /// <summary>How many messages wait, and since when the oldest does.</summary>
    public async Task<(long Waiting, DateTimeOffset? Oldest)> Waiting(CancellationToken ct) =>
        (await database.Query("SELECT count(*), min(committed_at) FROM outbox", [],
            row => (row.GetInt64(0), row.IsDBNull(1) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(1)), ct)).Single();
}
