using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    const int MostClosedAtOnce = 1_000;

    /// <summary>What of an officer's state is closed to him, as it is now: a service asks whenever it answers him with a list.</summary>
    [Allow(CallerRole.Service)]
    public override async Task ReadClosedRequests(
        ReadClosedRequestsRequest request, IServerStreamWriter<ReadClosedRequestsResponse> responseStream, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        var officer = OfficerOf(request.Officer);
        List<Guid> page;
        var last = Guid.Empty;
        do
        {
            page = await store.ClosedTo(officer, last, MostClosedAtOnce, context.CancellationToken);
            if (page.Count == 0)
                return;
            await responseStream.WriteAsync(new() { Requests = { page.Select(RequestId.NameOf) } }, context.CancellationToken);
            last = page[^1];
        }
        while (page.Count == MostClosedAtOnce);
    }

    static Caller OfficerOf(string identity) =>
        CallerUri.TryParse(identity, CallerRole.OfOfficers, out var officer, out var reason) && !officer.IsService
            ? officer
            : throw Refusal.Invalid([new("officer", reason ?? "must be an officer.")]);
}
