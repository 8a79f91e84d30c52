using System.Runtime.CompilerServices;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Tracking;

/// <summary>The journal of Requests, as the events it stands behind.</summary>
sealed class RequestsJournal(RequestRegistry.RequestRegistryClient requests) : IFollowed<RequestChanged>
{
    public const string Source = "requests";

    public string Name => Source;

    public async Task<long> Head(CancellationToken ct) => (await requests.GetCheckpointAsync(new(), cancellationToken: ct)).SealedNo;

    public async IAsyncEnumerable<(long SealedNo, RequestChanged? Message)> Read(
        long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        using var call = requests.ReadJournal(new() { FromSealedNo = from, ToSealedNo = to, View = JournalView.Full }, cancellationToken: ct);
        await foreach (var entry in call.ResponseStream.ReadAllAsync(ct))
            yield return (entry.SealedNo, RequestChanged.From(entry));
    }
}
