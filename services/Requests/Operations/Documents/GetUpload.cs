using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class DocumentExchangeService
{
    /// <summary>Returns an upload of the caller's side: from where to go on.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<Upload> GetUpload(GetUploadRequest request, ServerCallContext context)
    {
        var (state, upload) = await FindUpload(request.Name, context.Caller(), context.CancellationToken);
        return ToProto(state, upload);
    }
}
