using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>
/// Which rungs Requests has not recorded yet, so far as its journal says, and when each is told to it again. They are added by the database
/// in the transaction that takes a rung.
/// </summary>
sealed class UnrecordedRungs(Database database)
{
    /// <summary>Notes that the request has recorded the rung, as the journal of Requests says.</summary>
    public Task Remove(Guid rung, Guid request, CancellationToken ct) =>
        database.Execute("DELETE FROM unrecorded_rungs WHERE rung = $1 AND request_id = $2", [rung, request], ct);

    /// <summary>Notes that the journal of Requests no longer holds these rungs of requests, which therefore are told to it again.</summary>
    public Task Add(
        IReadOnlyList<(Guid Rung, Guid Request)> rungs, DateTimeOffset now, CancellationToken ct) => database.Execute(
        """
        INSERT INTO unrecorded_rungs (rung, request_id, next_at) SELECT *, $3 FROM unnest($1::uuid[], $2::uuid[])
        ON CONFLICT (rung, request_id) DO UPDATE SET next_at = excluded.next_at, tries = 0
        """, [rungs.Select(one => one.Rung).ToArray(), rungs.Select(one => one.Request).ToArray(), now], ct);

    /// <summary>
    /// Rungs that Requests has not recorded for a request it knows, and that were not told to it for a while: a minute, and twice as long
    /// each time, up to an hour.
    /// </summary>
    public async Task<Guid[]> TakeDue(DateTimeOffset now, CancellationToken ct) => [.. (await database.Query(
        """
        UPDATE unrecorded_rungs u SET tries = tries + 1, next_at = $1 + least(interval '1 minute' * 2 ^ least(tries, 6), interval '1 hour')
        WHERE next_at <= $1 AND EXISTS (SELECT FROM facts f WHERE f.request_id = u.request_id)
        RETURNING rung
        """, [now], row => row.GetGuid(0), ct)).Distinct()];
}
