using Exchange.Client;
using Exchange.Correlation.V1;
using Exchange.Platform;
using Grpc.Core;

namespace Exchange.Correlation;

sealed partial class CaseCorrelationService
{
    /// <summary>How the service is doing.</summary>
    [Allow(CallerRole.Service, CallerRole.Operator, CallerRole.Prosecutor)]
    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        var ct = context.CancellationToken;
        return new()
        {
            Build = BuildVersion.Current,
            Identifiers = await store.Count(ct),
            SealedNo = await positions.Of(RequestsJournal.Source, ct),
            Parked = await parked.Count(ct),
            Attention = { history.Attention, findings.Attention },
        };
    }
}
