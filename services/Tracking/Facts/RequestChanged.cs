using System.Diagnostics;
using Exchange.Contracts;
using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>
/// Requests have changed: their facts are stored and their flags brought up to date. Repeats, and changes in another order, lead to
/// the same. Changes that were read in the journal also bring back rungs that this service has lost.
/// </summary>
sealed class RequestChangedConsumer(FactsStore store, RungRecovery rungs) : IBatchConsumer<RequestChanged>
{
    public async Task Consume(IReadOnlyList<RequestChanged> batch, CancellationToken ct)
    {
        foreach (var change in batch)
            if (change.Entry is { } entry)
                await rungs.Recover(entry, ct);
        await store.Apply([.. batch.Select(change => change.Facts)], ct);
    }

    public void Describe(RequestChanged message, Activity span) => message.Describe(span);
}
