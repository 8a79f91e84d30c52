using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Correlation;

/// <summary>The journal this service follows.</summary>
sealed class RequestsJournal(RequestRegistry.RequestRegistryClient requests) : IFollowed<RequestChanged>
{
    public const string Source = "requests";

    public string Name => Source;

    public async Task<long> Head(CancellationToken ct) => (await requests.GetCheckpointAsync(new(), cancellationToken: ct)).SealedNo;

    public IAsyncEnumerable<(long SealedNo, RequestChanged? Message)> Read(long from, long to, CancellationToken ct) =>
        requests.ReadChanges(from, to, ct);
}
