using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using Key = (System.Guid Request, Exchange.Requests.V1.LimitKind Kind, System.DateOnly DueOn);

namespace Exchange.Tracking;

/// <summary>
/// Writes the log of flags, the table <c>flag_changes</c>: the difference between what was logged last and the flags that stand now. A
/// register that nobody has adopted is left out: its flags accuse nobody, and a million of its rows would be a million changes that
/// no officer waits for. When an officer adopts a request, its flags are logged as raised for the first time.
/// </summary>
static class FlagLogWriter
{
    /// <summary>Selects the last event of each flag; the condition on the request's id is to be appended.</summary>
    public const string LastEvents = "SELECT request_id, limit_kind, due_on, event FROM flag_changes WHERE is_last AND request_id";

    /// <summary>Reads a row of <see cref="LastEvents"/>.</summary>
    public static (Key Key, FlagEvent Event) ReadLastEvent(NpgsqlDataReader row) =>
        ((row.GetGuid(0), (LimitKind)row.GetInt32(1), row.GetFieldValue<DateOnly>(2)), (FlagEvent)row.GetInt32(3));

    /// <summary>
    /// Logs every change of these requests' flags. It must come last in its transaction, because from the moment it takes numbers until
    /// the commit every other transaction that logs flags waits.
    /// </summary>
    /// <param name="newest">The requests, each as of its newest version.</param>
    /// <param name="flags">All flags of these requests as they stand now.</param>
    /// <param name="lastEvents">The last event logged of each of their flags.</param>
    /// <param name="now">The instant of the transaction.</param>
    /// <returns>How many changes were logged.</returns>
    public static async Task<int> LogFlags(
        this Transaction tx, IEnumerable<RequestFacts> newest, IReadOnlyList<Flag> flags,
        IReadOnlyList<(Key Key, FlagEvent Event)> lastEvents, DateTimeOffset now, ReferenceData reference)
    {
        var eventsOf = lastEvents.ToLookup(row => row.Key.Request);
        var flagsOf = flags.ToLookup(flag => flag.RequestId);
        List<(Key Key, FlagChange Change)> changes = [];
        foreach (var facts in newest.Where(facts => !facts.IsObserved()))
        {
            var logged = eventsOf[facts.Id()].ToDictionary(row => row.Key, row => row.Event);
            foreach (var (key, change) in Changes(facts, logged, [.. flagsOf[facts.Id()]], reference))
            {
                Fill(change, facts, key, now, reference);
                changes.Add((key, change));
            }
        }
        if (changes.Count > 0)
            await tx.Write(changes);
        return changes.Count;
    }

    /// <summary>
    /// The changes of one request's flags. Flags that the versions no longer give are cleared first, so that a flag raised again names
    /// one that was cleared before it.
    /// </summary>
    static IEnumerable<(Key Key, FlagChange Change)> Changes(
        RequestFacts newest, Dictionary<Key, FlagEvent> logged, IReadOnlyList<Flag> flags, ReferenceData reference)
    {
        var standing = flags.Select(KeyOf).ToHashSet();
        foreach (var (key, last) in logged)
            if (last != FlagEvent.Cleared && !standing.Contains(key))
                yield return (key, new() { Event = FlagEvent.Cleared, ClearedOn = newest.RecordedDay(reference).ToIso() });

        foreach (var flag in flags.OrderBy(flag => flag.ClearedOn is null).ThenBy(flag => flag.DueOn))
        {
            var key = KeyOf(flag);
            var last = logged.GetValueOrDefault(key);
            var replaced = last == FlagEvent.Cleared ? key : Replaced(key);
            if (last == FlagEvent.Unspecified || (last == FlagEvent.Cleared && flag.ClearedOn is null))
                yield return (key, replaced is null
                    ? new() { Event = FlagEvent.Raised }
                    : new() { Event = FlagEvent.RaisedAgain, ReplacesDueOn = replaced.Value.DueOn.ToIso() });
            if (last != FlagEvent.Cleared && flag.ClearedOn is { } clearedOn)
                yield return (key, new() { Event = FlagEvent.Cleared, ClearedOn = clearedOn.ToIso() });
        }

        // A limit has only one due day at a time: a flag of the same kind on another day was taken away by a correction.
        Key? Replaced(Key key) => newest.DueOn(key.Kind) != key.DueOn ? null : logged.Keys.Concat(standing)
            .Where(other => other.Kind == key.Kind && other.DueOn != key.DueOn).Select(other => (Key?)other)
                .MaxBy(other => other!.Value.DueOn);

        static Key KeyOf(Flag flag) => (flag.RequestId, flag.Kind, flag.DueOn);
    }

    static void Fill(FlagChange change, RequestFacts facts, Key key, DateTimeOffset now, ReferenceData reference)
    {
        change.Request = facts.Request;
        change.Reference = facts.Reference;
        change.RequestingState = facts.RequestingState;
        change.RequestedState = facts.RequestedState;
        change.LimitKind = key.Kind;
        change.DueOn = key.DueOn.ToIso();
        change.RaisedAt = reference.StartOfDay(facts.RequestingState, key.DueOn.AddDays(1)).ToTimestamp();
        change.Origin = Origin.OnTheExchange;
        change.RecordedAt = now.ToTimestamp();
        change.SetStanding(facts, now, reference);
    }

    /// <summary>
    /// Sets whether the partner waits for the requester's reply, and whether nothing was ever heard, as of the day it is in the
    /// requesting state.
    /// </summary>
    public static void SetStanding(this FlagChange change, RequestFacts facts, DateTimeOffset now, ReferenceData reference)
    {
        var clock = Clock.At(facts, reference.DayAt(facts.RequestingState, now), change.LimitKind);
        (change.WaitingOnUs, change.Silent) = (clock?.WaitingOnUs ?? false, clock?.Silent ?? false);
    }

    static async Task Write(this Transaction tx, List<(Key Key, FlagChange Change)> changes)
    {
        object?[] keys =
        [
            changes.Select(c => c.Key.Request).ToArray(), changes.Select(c => (int)c.Key.Kind).ToArray(),
            changes.Select(c => c.Key.DueOn).ToArray(),
        ];
        await tx.Execute(
            """
            UPDATE flag_changes c SET is_last = false FROM unnest($1::uuid[], $2::int[], $3::date[]) AS k (request_id, limit_kind, due_on)
            WHERE is_last AND (c.request_id, c.limit_kind, c.due_on) = (k.request_id, k.limit_kind, k.due_on)
            """, keys);
        var last = (await tx.Query("UPDATE flag_change_counter SET last_no = last_no + $1 RETURNING last_no", [changes.Count],
            row => row.GetInt64(0))).Single();
        for (var i = 0; i < changes.Count; i++)
            changes[i].Change.ChangeNo = last - changes.Count + 1 + i;
        var lastOfKey = changes.GroupBy(c => c.Key).Select(g => g.Last().Change.ChangeNo).ToHashSet();
        await tx.Execute(
            """
            INSERT INTO flag_changes (request_id, limit_kind, due_on, change_no, requesting_state, requested_state, is_last, event, body)
            SELECT * FROM unnest(
              $1::uuid[], $2::int[], $3::date[], $4::bigint[], $5::text[], $6::text[], $7::boolean[], $8::int[], $9::bytea[])
            """,
            [
                .. keys, changes.Select(c => c.Change.ChangeNo).ToArray(),
                changes.Select(c => c.Change.RequestingState).ToArray(), changes.Select(c => c.Change.RequestedState).ToArray(),
                changes.Select(c => lastOfKey.Contains(c.Change.ChangeNo)).ToArray(), changes.Select(c => (int)c.Change.Event).ToArray(),
                changes.Select(c => FreeTexts.WithoutAny(c.Change).ToByteArray()).ToArray(),
            ]);
    }
}
