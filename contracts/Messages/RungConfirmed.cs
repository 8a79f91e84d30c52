using System.Diagnostics;
using Exchange.Requests.V1;

namespace Exchange.Contracts;

/// <summary>
/// A prosecutor took a rung of the escalation ladder: each request concerned records it, and so it reaches the partner's
/// inbox. The letter itself stays with Tracking. Holds no personal data.
/// </summary>
/// <param name="Name">Resource name, <c>rungs/{uuid}</c>; with a request it says which reminder this is, so a repeat changes nothing.</param>
/// <param name="Rung">Which rung.</param>
/// <param name="TakenOn">The day, ISO 8601, in the requesting state's zone.</param>
/// <param name="Requests">Resource names, <c>requests/{uuid}</c>.</param>
/// <param name="ConfirmedBy">Who confirmed it, as his certificate says; no personal name.</param>
public sealed record RungConfirmed(string Name, Rung Rung, string TakenOn, IReadOnlyList<string> Requests, Actor ConfirmedBy)
{
    /// <summary>All that a span may say of it.</summary>
    public void Describe(Activity span) => span.SetTag("exchange.rung", Rung.ToString());
}
