using Exchange.Platform;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class ResponseTrackingService
{
    /// <summary>How the service is doing.</summary>
    [Allow(CallerRole.Service, CallerRole.Operator, CallerRole.Prosecutor)]
    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        var (requests, sealedNo) = await store.Status(context.CancellationToken);
        var memory = columns.Size();
        return new()
        {
            Build = BuildVersion.Current,
            Requests = requests,
            SealedNo = sealedNo,
            ColumnsRequests = memory.Requests,
            ColumnsBytes = memory.Bytes,
            Parked = await parked.Count(context.CancellationToken),
            Attention = { history.Attention, findings.Attention },
        };
    }
}
