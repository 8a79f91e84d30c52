using System.Diagnostics;
using Exchange.Contracts;
using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>A request has changed: keep what is known of it and renew its flags. Repeats and any order change nothing.</summary>
sealed class RequestChangedTaker(FactsStore store) : ITake<RequestChanged>
{
    public Task Take(IReadOnlyList<RequestChanged> batch, CancellationToken ct) => store.Apply([.. batch.Select(change => change.Facts)], ct);

    public void Describe(RequestChanged message, Activity span) => message.Describe(span);
}
