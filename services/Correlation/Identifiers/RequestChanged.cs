using System.Diagnostics;
using Exchange.Contracts;
using Exchange.Platform;

namespace Exchange.Correlation;

/// <summary>Reads the subjects of changed requests and keeps the keyed hashes of what identifies them.</summary>
sealed class RequestChangedConsumer(SubjectReading reading, IdentifierStore store) : IBatchConsumer<RequestChanged>, IDisposable
{
    // Events and journal bring the same requests at the same time; one at a time reads each identity once, for every
    // reading is a disclosure with an entry of its own.
    readonly SemaphoreSlim turn = new(1);

    public async Task Consume(IReadOnlyList<RequestChanged> batch, CancellationToken ct)
    {
        var newest = batch.GroupBy(m => RequestId.Parse(m.Request))
            .ToDictionary(g => g.Key, g => g.Max(m => SubjectReading.NeededAt(m.Facts)));
        await turn.WaitAsync(ct);
        try
        {
            foreach (var ids in (await store.Outdated(newest, ct)).Chunk(SubjectReading.MaxRequests))
                await store.Replace(await reading.Read(ids, ct), ct);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Describe(RequestChanged message, Activity span) => message.Describe(span);

    public void Dispose() => turn.Dispose();
}
