using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class DocumentExchangeService
{
    /// <summary>Lists the documents of a request that the caller's side handed in or was given.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var view = await views.Find(request.Request, caller, ct, "request");
        return new() { Documents = { await ToProto(view.Id, view.Documents, ct) } };
    }
}
