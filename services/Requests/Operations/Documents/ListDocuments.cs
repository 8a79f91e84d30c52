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
        var state = await store.FindNamed(request.Request, caller, ct, "request");
        var seen = state.Dossier.Documents.Where(document => document.SeenBy(state.SideOf(caller.State)));
        return new() { Documents = { await ToProto(state, [.. seen], ct) } };
    }
}
