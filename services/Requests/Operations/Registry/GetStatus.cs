using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>Returns the state of the service: what waits, and what an operator must see to.</summary>
    [Allow(CallerRole.Service, CallerRole.Operator, CallerRole.Prosecutor)]
    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        var (sealedNo, waiting) = await journal.Head(context.CancellationToken);
        var (unsent, oldest) = await outbox.Waiting(context.CancellationToken);
        return new()
        {
            Build = BuildVersion.Current, InstallationState = installation.Value.State,
            Requests = await store.Count(context.CancellationToken), SealedNo = sealedNo, Unsealed = waiting,
            Outbox = unsent, OldestOutboxAt = oldest?.ToTimestamp(), Attention = { history.Attention, findings.Attention },
            RestoredAt = history.RestoredAt?.ToTimestamp(),
        };
    }
}
