using System.Runtime.CompilerServices;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

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

    /// <summary>Streams a range of the sealed order, ends included, each entry whole.</summary>
    /// <param name="to">The last number; 0 for the newest.</param>
    /// <exception cref="RpcException">Requests is away or refuses.</exception>
    public async IAsyncEnumerable<SealedChange> ReadChanges(long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        using var call =
            requests.ReadJournal(new() { FromSealedNo = from, ToSealedNo = to, View = JournalView.Full }, cancellationToken: ct);
        while (await call.ResponseStream.MoveNext(ct))
            yield return SealedChange.Of(call.ResponseStream.Current);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<(long SealedNo, byte[] SealHash, RequestChanged? Message, string? TraceParent)> Read(
        long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var read in ReadChanges(from, to, ct))
            yield return (read.SealedNo, read.SealHash, read.Change, read.TraceParent);
    }
}
