using System.Runtime.CompilerServices;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Client;

/// <summary>The journal of Requests, as a service follows it. Reading it changes nothing, here or there.</summary>
public sealed class RequestsJournal(RequestRegistry.RequestRegistryClient requests) : IFollowedJournal<RequestChanged>
{
    /// <summary>The name under which the position in this journal is stored.</summary>
    public const string Source = "requests";

    /// <inheritdoc />
    public string Name => Source;

    /// <inheritdoc />
    public async Task<(long SealedNo, byte[] SealHash)> Head(CancellationToken ct)
    {
        var checkpoint = await requests.GetCheckpointAsync(new(), cancellationToken: ct);
        return (checkpoint.SealedNo, checkpoint.SealHash.ToByteArray());
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<(long SealedNo, byte[] SealHash, RequestChanged? Message, string? TraceParent)> Read(
        long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var read in requests.ReadChanges(from, to, ct))
            yield return (read.SealedNo, read.SealHash, read.Change, read.TraceParent);
    }
}
