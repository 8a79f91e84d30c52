using System.Runtime.CompilerServices;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Contracts;

/// <summary>The journal of Requests as the events it stands behind: how a consumer heals what the broker lost.</summary>
public static class JournalOfRequests
{
    /// <summary>Streams the range of the sealed order, ends included; null for an entry that changed no request.</summary>
    /// <exception cref="RpcException">Requests is away or refuses.</exception>
    public static async IAsyncEnumerable<(long SealedNo, RequestChanged? Change)> ReadChanges(
        this RequestRegistry.RequestRegistryClient requests, long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        using var call = requests.ReadJournal(new() { FromSealedNo = from, ToSealedNo = to, View = JournalView.Full }, cancellationToken: ct);
        while (await call.ResponseStream.MoveNext(ct))
            yield return (call.ResponseStream.Current.SealedNo, RequestChanged.From(call.ResponseStream.Current));
    }
}
