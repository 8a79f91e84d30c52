using Exchange.Correlation.V1;
using Exchange.Platform;
using Grpc.Core;

namespace Exchange.Correlation;

sealed partial class CaseCorrelationService
{
    [Allow(CallerRole.Prosecutor, CallerRole.Operator, CallerRole.Service)]
    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        return new()
        {
            Build = BuildVersion.Current,
            Identifiers = await store.Count(ct),
            SealedNo = await positions.Of(RequestsJournal.Source, ct),
            Parked = await parking.Count(ct),
        };
    }
}
