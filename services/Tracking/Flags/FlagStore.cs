using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>All SQL over the table <c>flags</c>.</summary>
static class FlagStore
{
    /// <summary>
    /// Makes the flags of these requests what their versions give at an instant, and logs every change. The caller holds the locks of
    /// their facts' rows. A flag that the versions no longer give is deleted, because the table follows from them alone; that it was
    /// raised and taken back is in the log.
    /// </summary>
    /// <returns>How many changes were logged.</returns>
    public static async Task<int> RenewFlags(this Transaction tx, Guid[] requests, DateTimeOffset now, ReferenceData reference)
    {
        var versions = await tx.Query(
            "SELECT body FROM facts_versions WHERE request_id = ANY($1) ORDER BY request_id, version", [requests],
            row => RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(0)));
        var histories = versions.GroupBy(v => v.Id()).Select(g => g.ToList()).ToList();
        var flags = histories.SelectMany(history => Flag.Of(history, now, reference)).ToList();
        object?[] keys =
            [flags.Select(f => f.RequestId).ToArray(), flags.Select(f => (int)f.Kind).ToArray(), flags.Select(f => f.DueOn).ToArray()];

        // One statement, because every round trip delays the moment at which a step is seen by its reader. No row is touched by two of
        // its parts, so their order does not matter.
        var lastEvents = await tx.Query(
            $"""
            WITH gone AS (
              DELETE FROM flags WHERE request_id = ANY($7) AND (request_id, limit_kind, due_on) NOT IN
                (SELECT * FROM unnest($1::uuid[], $2::int[], $3::date[]))),
            stands AS (
              INSERT INTO flags (request_id, limit_kind, due_on, raised_at, origin, cleared_on)
              SELECT * FROM unnest($1::uuid[], $2::int[], $3::date[], $4::timestamptz[], $5::int[], $6::date[])
              ON CONFLICT (request_id, limit_kind, due_on)
                DO UPDATE SET raised_at = excluded.raised_at, origin = excluded.origin, cleared_on = excluded.cleared_on
              WHERE (flags.raised_at, flags.origin, flags.cleared_on)
                IS DISTINCT FROM (excluded.raised_at, excluded.origin, excluded.cleared_on)),
            looked AS (
              UPDATE facts SET next_flag_at = next.at FROM unnest($8::uuid[], $9::timestamptz[]) AS next (id, at)
              WHERE facts.request_id = next.id AND facts.next_flag_at IS DISTINCT FROM next.at)
            {FlagLogWriter.LastEvents} = ANY($7)
            """,
            [
                .. keys, flags.Select(f => f.RaisedAt).ToArray(), flags.Select(f => (int)f.Origin).ToArray(),
                flags.Select(f => f.ClearedOn).ToArray(), requests,
                histories.Select(h => h[^1].Id()).ToArray(), histories.Select(h => Flag.NextAt(h[^1], now, reference)).ToArray(),
            ], FlagLogWriter.ReadLastEvent);
        return await tx.LogFlags(histories.ConvertAll(history => history[^1]), flags, lastEvents, now, reference);
    }

    /// <summary>
    /// The flags of these requests for one kind of limit, as the versions give them that the requested side was told of: that a flag was
    /// never raised would tell it of an answer by post.
    /// </summary>
    public static async Task<List<Flag>> FlagsAsTold(
        this Database database, Guid[] requests, LimitKind kind, DateTimeOffset now, ReferenceData reference, CancellationToken ct) =>
        [.. (await database.Query(
            """
            SELECT v.body FROM facts f JOIN facts_versions v USING (request_id)
            WHERE request_id = ANY($1) AND v.version <= coalesce(nullif(f.told_version, 0), f.version) ORDER BY request_id, v.version
            """,
            [requests], row => RequestFacts.Parser.ParseFrom(row.GetFieldValue<byte[]>(0)), ct))
            .GroupBy(version => version.Id()).SelectMany(history => Flag.Of([.. history], now, reference))
            .Where(flag => flag.Kind == kind)];

    /// <summary>The flags of these requests for one kind of limit.</summary>
    public static Task<List<Flag>> Flags(this Database database, Guid[] requests, LimitKind kind, CancellationToken ct) => database.Query(
        "SELECT request_id, due_on, raised_at, origin, cleared_on FROM flags WHERE request_id = ANY($1) AND limit_kind = $2",
        [requests, (int)kind],
        row => new Flag(row.GetGuid(0), kind, row.GetFieldValue<DateOnly>(1), row.GetFieldValue<DateTimeOffset>(2), (Origin)row.GetInt32(3),
            row.IsDBNull(4) ? null : row.GetFieldValue<DateOnly>(4)), ct);
}
