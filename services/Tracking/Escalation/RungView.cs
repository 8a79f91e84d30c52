using Exchange.Platform;
using Exchange.Reference;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>A rung that was taken, with the state that took it.</summary>
sealed record StateRung(string RequestingState, TakenRung Taken);

/// <summary>Rungs as a caller may see them.</summary>
/// <param name="caller">An officer of the state that took them, or of the partner they were taken with.</param>
/// <param name="closed">Requests of his state that are closed to him.</param>
/// <param name="given">Requests that were given to his state on the exchange.</param>
sealed class RungView(Caller caller, IReadOnlySet<string> closed, IReadOnlySet<string> given)
{
    /// <summary>
    /// The rung; null where it is none of his. A letter names all its requests, so one that is closed to a colleague hides it from him. The
    /// partner reads letters to its own authorities about what it was given here, and not who confirmed them.
    /// </summary>
    public TakenRung? Of(StateRung rung)
    {
        if (rung.RequestingState == caller.State)
            return rung.Taken.Requests.Any(request => closed.Contains(request.Request)) ? null : rung.Taken;
        if (!rung.Taken.Rung.GoesToPartner() || !rung.Taken.Requests.All(request => given.Contains(request.Request)))
            return null;
        return new(rung.Taken) { ConfirmedBy = caller.Redact(rung.Taken.ConfirmedBy) };
    }
}
