using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class ResponseTrackingService
{
    /// <summary>
    /// Compares what follows from the journal of Requests with it, and repairs it. Ends with its caller, and can be started again.
    /// </summary>
    [Allow(CallerRole.Operator)]
    public override Task Rebuild(RebuildRequest request, IServerStreamWriter<RebuildProgress> responseStream, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        return rebuild.Run(request, progress => responseStream.WriteAsync(progress, context.CancellationToken), context.CancellationToken);
    }
}
