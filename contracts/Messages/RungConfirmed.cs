using System.Diagnostics;
using Exchange.Requests.V1;

namespace Exchange.Contracts;

/// <summary>
/// A prosecutor took a rung of the escalation ladder: each request concerned records it, and so it reaches the partner's
/// inbox. The letter itself stays with Tracking. Holds no personal data.
/// </summary>
/// <param name="Name">
/// Resource name of the rung taken, <c>rungs/{uuid}</c>; together with a request it identifies the reminder, so that a repeated
/// message changes nothing.
/// </param>
/// <param name="Rung">The rung of the ladder that was taken.</param>
/// <param name="TakenOn">The day on which it was taken, ISO 8601, in the requesting state's zone.</param>
/// <param name="Requests">The requests that it concerns, as resource names, <c>requests/{uuid}</c>.</param>
/// <param name="ConfirmedBy">Who confirmed it, as his certificate says; no personal name.</param>
/// <param name="Signature">
/// His signature over a <c>RungAct</c>, with that act: what binds a state is believed of its officer, and not of Tracking.
/// </param>
public sealed record RungConfirmed(
    string Name, Rung Rung, string TakenOn, IReadOnlyList<string> Requests, Actor ConfirmedBy, Signature Signature)
{
    /// <summary>Adds to a span all that it may say of the event: the rung, and neither request nor officer.</summary>
    public void Describe(Activity span) => span.SetTag("exchange.rung", Rung.ToString());
}
