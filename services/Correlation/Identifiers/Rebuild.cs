using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Correlation;

sealed partial class CaseCorrelationService
{
    /// <summary>Reads every subject again, compares, and mends. Ends with its caller: it can be started again.</summary>
    [Allow(CallerRole.Operator)]
    public override Task Rebuild(RebuildRequest request, IServerStreamWriter<RebuildProgress> responseStream, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        return rebuild.Run(request, progress => responseStream.WriteAsync(progress, context.CancellationToken), context.CancellationToken);
    }
}
