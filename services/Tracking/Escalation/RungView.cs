using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>A rung that was taken, with the state that took it.</summary>
sealed record StateRung(string RequestingState, TakenRung Taken);

/// <summary>Rungs as a caller may see them.</summary>
/// <param name="caller">An officer of the state that took them, or of the partner they were taken with.</param>
/// <param name="closed">Requests of his state that are closed to him.</param>
/// <param name="told">Requests that were given to his state on the exchange, as it was told of them.</param>
sealed class RungView(Caller caller, IReadOnlySet<string> closed, IReadOnlyDictionary<string, RequestFacts> told)
{
    /// <summary>
    /// The rung; null where it is none of his. A letter names all its requests, so one that is closed to a colleague hides it from him. The
    /// partner reads the letters to its own authorities that it was told of here with each of their requests, and not who confirmed them:
    /// one that Requests recorded when the partner was reached by post came to it by post.
    /// </summary>
    public TakenRung? Of(StateRung rung)
    {
        if (rung.RequestingState == caller.State)
            return rung.Taken.Requests.Any(request => closed.Contains(request.Request)) ? null : rung.Taken;
        if (!rung.Taken.Rung.GoesToPartner() || !rung.Taken.Requests.All(request => WasTold(request, rung.Taken.Rung)))
            return null;
        return new(rung.Taken) { ConfirmedBy = caller.Redact(rung.Taken.ConfirmedBy) };
    }

    bool WasTold(RungRequest request, Rung rung) =>
        told.TryGetValue(request.Request, out var facts) && facts.Reminders.Any(reminder => reminder.Rung == rung);
}
