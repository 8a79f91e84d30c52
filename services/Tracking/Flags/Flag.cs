using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// A time limit that passed without an answer. It is raised once, at 00:00 after the due day in the requesting state's zone, and
/// cleared by an answer, a withdrawal or a return, or by a correction that moves or removes the limit.
/// </summary>
/// <param name="RaisedAt">The instant at which the limit passed, not the one at which this was noticed.</param>
/// <param name="Origin">Imported where the request is known from a register only, otherwise on the exchange.</param>
/// <param name="ClearedOn">The day of what cleared it; null while it stands.</param>
sealed record Flag(Guid RequestId, LimitKind Kind, DateOnly DueOn, DateTimeOffset RaisedAt, Origin Origin, DateOnly? ClearedOn)
{
    // A benchmark is for comparison and binds nobody, so nobody is flagged for it.
    static readonly LimitKind[] Kinds = [LimitKind.Policy, LimitKind.Requested, LimitKind.Statutory];

    /// <summary>
    /// Every flag of one request, from all its versions and not from the newest alone: a flag that was raised by what was known then stays
    /// on record when the answer comes late, and the order in which versions arrive does not matter.
    /// </summary>
    /// <param name="versions">
    /// All known versions of one request, by version. One that is known from the register of the requested side alone has no flags: the
    /// state that would raise them was told nothing of it.
    /// </param>
    public static IReadOnlyList<Flag> Of(IReadOnlyList<RequestFacts> versions, DateTimeOffset now, ReferenceData reference)
    {
        var newest = versions[^1];
        if (!newest.KnownTo().HasFlag(KnownTo.RequestingSide))
            return [];
        var flags = new Dictionary<(LimitKind, DateOnly), Flag>();
        for (var i = 0; i < versions.Count; i++)
        {
            var until = i + 1 < versions.Count ? versions[i + 1].RecordedAt.ToDateTimeOffset() : now;
            foreach (var kind in Kinds)
                if (Clock.At(versions[i], DateOnly.MaxValue, kind) is { IsOpen: true, DueOn: { } due } clock
                    && RaisedAtOf(versions[i], due, reference) is var raisedAt
                    && (versions[i].IsObserved() ? clock.FallenDue : raisedAt <= until))
                    flags[(kind, due)] = new(newest.Id(), kind, due, raisedAt, OriginOf(newest),
                        ClearedOnOf(versions, kind, due, reference));
        }
        return [.. flags.Values];
    }

    /// <summary>The instant after now at which the next limit of an open request passes; null where none will.</summary>
    public static DateTimeOffset? NextAt(RequestFacts newest, DateTimeOffset now, ReferenceData reference)
    {
        DateTimeOffset? next = null;
        foreach (var kind in newest.IsObserved() ? [] : Kinds)
            if (Clock.At(newest, DateOnly.MaxValue, kind) is { IsOpen: true, DueOn: { } due }
                && RaisedAtOf(newest, due, reference) is var at && at > now && !(next <= at))
                next = at;
        return next;
    }

    static DateTimeOffset RaisedAtOf(RequestFacts facts, DateOnly due, ReferenceData reference) =>
        reference.StartOfDay(facts.RequestingState, due.AddDays(1));

    static Origin OriginOf(RequestFacts newest) => newest.IsObserved() ? Origin.Imported : Origin.OnTheExchange;

    static DateOnly? ClearedOnOf(IReadOnlyList<RequestFacts> versions, LimitKind kind, DateOnly due, ReferenceData reference)
    {
        var last = versions.Count - 1;
        var lastWithIt = last;
        while (Clock.At(versions[lastWithIt], DateOnly.MaxValue, kind)?.DueOn != due)
            lastWithIt--;
        // A correction that moved or took away the limit clears it on the day of that correction, whatever was recorded since.
        return lastWithIt < last
            ? versions[lastWithIt + 1].RecordedDay(reference)
            : Clock.At(versions[last], DateOnly.MaxValue, kind)!.Value.EndedOn;
    }
}
