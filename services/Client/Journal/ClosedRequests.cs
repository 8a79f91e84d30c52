using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Client;

/// <summary>
/// What is closed to an officer by restricted cases, asked of Requests whenever he is answered with a list: a restriction counts from the
/// moment it is recorded, and it changes no request that an event could tell of. Where Requests is away there is no list; figures, which
/// count every request, go on.
/// </summary>
public sealed class ClosedRequests(RequestRegistry.RequestRegistryClient requests)
{
    /// <summary>The ids of the requests of the officer's state that he may not see.</summary>
    /// <exception cref="Refusal">Unavailable: Requests is away.</exception>
    public async Task<Guid[]> To(Caller officer, CancellationToken ct)
    {
        try
        {
            using var call = requests.ReadClosedRequests(new() { Officer = officer.ToString() }, cancellationToken: ct);
            List<Guid> closed = [];
            while (await call.ResponseStream.MoveNext(ct))
                closed.AddRange(call.ResponseStream.Current.Requests.Select(RequestId.Parse));
            return [.. closed];
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            throw Away();
        }
    }

    /// <summary>What an officer is told who asks for a list while Requests is away.</summary>
    internal static Refusal Away() => new(RefusalKind.Unavailable, "REQUESTS_AWAY",
        "What you may see cannot be asked of Requests at the moment; try again. Figures are answered without it.");
}
