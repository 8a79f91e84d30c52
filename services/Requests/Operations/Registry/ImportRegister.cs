using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>
    /// Takes in a register. Sound rows are durable when they are counted as done, faulty ones are named; a stream that is
    /// cut before its end stores nothing, and the same register again changes nothing.
    /// </summary>
    [Allow(CallerRole.Prosecutor, CallerRole.Operator)]
    public override async Task ImportRegister(
        IAsyncStreamReader<ImportRegisterRequest> requestStream, IServerStreamWriter<ImportRegisterResponse> responseStream,
        ServerCallContext context)
    {
        var caller = context.Caller();
        installation.Value.AdmitOwn(caller);
        var report = await registers.Run(requestStream, caller, keep: true,
            message => responseStream.WriteAsync(message, context.CancellationToken), context.CancellationToken);
        await responseStream.WriteAsync(new() { Report = report }, context.CancellationToken);
    }
}
