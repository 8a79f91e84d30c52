using System.Runtime.CompilerServices;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>The journal this service follows.</summary>
sealed class RequestsJournal(RequestRegistry.RequestRegistryClient requests, LostRungs lost) : IFollowed<RequestChanged>
{
    public const string Source = "requests";

    public string Name => Source;

    public async Task<(long SealedNo, byte[] SealHash)> Head(CancellationToken ct)
    {
        var checkpoint = await requests.GetCheckpointAsync(new(), cancellationToken: ct);
        return (checkpoint.SealedNo, checkpoint.SealHash.ToByteArray());
    }

    /// <summary>On the way, rungs that this service has forgotten are recovered: they were taken after the copy it was restored from.</summary>
    public async IAsyncEnumerable<(long SealedNo, byte[] SealHash, RequestChanged? Message, string? TraceParent)> Read(
        long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var read in requests.ReadChanges(from, to, ct))
        {
            await lost.Recover(read.Entry, ct);
            yield return (read.SealedNo, read.SealHash, read.Change, read.TraceParent);
        }
    }
}
