using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using Key = (System.Guid Request, Exchange.Requests.V1.LimitKind Kind, System.DateOnly DueOn);

namespace Exchange.Tracking;

/// <summary>
/// What is told of flags: the difference between what was told last and what stands now. A register that nobody adopted
/// is left out: its flags accuse nobody, and a million of its rows would be a million changes that no officer waits for.
/// When an officer adopts a request, its flag is raised here for the first time.
/// </summary>
static class FlagLog
{
    /// <summary>Selects what was told last of each flag of a request, up to the request's id.</summary>
    public const string Told = "SELECT request_id, limit_kind, due_on, event FROM flag_changes WHERE is_last AND request_id";

    /// <summary>A row of <see cref="Told"/>.</summary>
    public static (Key Key, FlagEvent Event) ReadTold(NpgsqlDataReader row) =>
        ((row.GetGuid(0), (LimitKind)row.GetInt32(1), row.GetFieldValue<DateOnly>(2)), (FlagEvent)row.GetInt32(3));

    /// <summary>Tells of every change, in one set. Last in its transaction: from its counter on, rivals wait for the commit.</summary>
    /// <param name="newest">The requests, each as of its newest version.</param>
    /// <param name="flags">All flags of these requests.</param>
    /// <param name="toldLast">What was told last of them.</param>
    public static async Task<int> LogFlags(
        this Transaction tx, IEnumerable<RequestFacts> newest, IReadOnlyList<Flag> flags, IReadOnlyList<(Key Key, FlagEvent Event)> toldLast,
        DateTimeOffset now, ReferenceData reference)
    {
        var told = toldLast.ToLookup(row => row.Key.Request);
        var stands = flags.ToLookup(flag => flag.RequestId);
        List<(Key Key, FlagChange Change)> changes = [];
        foreach (var facts in newest.Where(facts => !facts.IsObserved()))
            foreach (var (key, change) in Changes(facts, told[facts.Id()].ToDictionary(row => row.Key, row => row.Event), [.. stands[facts.Id()]], reference))
            {
                Describe(change, facts, key, now, reference);
                changes.Add((key, change));
            }
        if (changes.Count > 0)
            await tx.Write(changes);
        return changes.Count;
    }

    /// <summary>What was taken away comes first, so that a flag raised again names one that was cleared before it.</summary>
    static IEnumerable<(Key Key, FlagChange Change)> Changes(
        RequestFacts newest, Dictionary<Key, FlagEvent> told, IReadOnlyList<Flag> flags, ReferenceData reference)
    {
        var borne = flags.Select(KeyOf).ToHashSet();
        foreach (var (key, last) in told)
            if (last != FlagEvent.Cleared && !borne.Contains(key))
                yield return (key, new() { Event = FlagEvent.Cleared, ClearedOn = newest.RecordedDay(reference).Text() });

        foreach (var flag in flags.OrderBy(flag => flag.ClearedOn is null).ThenBy(flag => flag.DueOn))
        {
            var key = KeyOf(flag);
            var last = told.GetValueOrDefault(key);
            var replaced = last == FlagEvent.Cleared ? key : Replaced(key);
            if (last == FlagEvent.Unspecified || (last == FlagEvent.Cleared && flag.ClearedOn is null))
                yield return (key, replaced is null
                    ? new() { Event = FlagEvent.Raised }
                    : new() { Event = FlagEvent.RaisedAgain, ReplacesDueOn = replaced.Value.DueOn.Text() });
            if (last != FlagEvent.Cleared && flag.ClearedOn is { } clearedOn)
                yield return (key, new() { Event = FlagEvent.Cleared, ClearedOn = clearedOn.Text() });
        }

        // The limit has only one day at a time: a flag of the same kind on another day was taken away by a correction.
        Key? Replaced(Key key) => newest.DueOn(key.Kind) != key.DueOn ? null : told.Keys.Concat(borne)
            .Where(other => other.Kind == key.Kind && other.DueOn != key.DueOn).Select(other => (Key?)other).MaxBy(other => other!.Value.DueOn);

        static Key KeyOf(Flag flag) => (flag.RequestId, flag.Kind, flag.DueOn);
    }

    static void Describe(FlagChange change, RequestFacts facts, Key key, DateTimeOffset now, ReferenceData reference)
    {
        change.Request = facts.Request;
        change.Reference = facts.Reference;
        change.CaseNumber = facts.CaseNumber;
        change.RequestingState = facts.RequestingState;
        change.RequestedState = facts.RequestedState;
        change.LimitKind = key.Kind;
        change.DueOn = key.DueOn.Text();
        change.RaisedAt = reference.StartOfDay(facts.RequestingState, key.DueOn.AddDays(1)).ToTimestamp();
        change.Origin = Origin.OnTheExchange;
        change.RecordedAt = now.ToTimestamp();
        change.SayHowItStands(facts, now, reference);
    }

    /// <summary>Whether the partner waits for the requester, and whether anything was ever heard of it, at this instant.</summary>
    public static void SayHowItStands(this FlagChange change, RequestFacts facts, DateTimeOffset now, ReferenceData reference)
    {
        var clock = Clock.At(facts, reference.DayAt(facts.RequestingState, now), change.LimitKind);
        (change.WaitingOnUs, change.Silent) = (clock?.WaitingOnUs ?? false, clock?.Silent ?? false);
    }

    static async Task Write(this Transaction tx, List<(Key Key, FlagChange Change)> changes)
    {
        object?[] keys =
        [
            changes.Select(c => c.Key.Request).ToArray(), changes.Select(c => (int)c.Key.Kind).ToArray(), changes.Select(c => c.Key.DueOn).ToArray(),
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
            SELECT * FROM unnest($1::uuid[], $2::int[], $3::date[], $4::bigint[], $5::text[], $6::text[], $7::boolean[], $8::int[], $9::bytea[])
            """,
            [
                .. keys, changes.Select(c => c.Change.ChangeNo).ToArray(),
                changes.Select(c => c.Change.RequestingState).ToArray(), changes.Select(c => c.Change.RequestedState).ToArray(),
                changes.Select(c => lastOfKey.Contains(c.Change.ChangeNo)).ToArray(), changes.Select(c => (int)c.Change.Event).ToArray(),
                changes.Select(c => c.Change.ToByteArray()).ToArray(),
            ]);
    }
}
