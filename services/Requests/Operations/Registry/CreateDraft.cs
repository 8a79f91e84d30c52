using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>Opens a draft of the caller's state.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<TakeStepResponse> CreateDraft(CreateDraftRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var (state, version) = await drafts.Open(request, caller, ct);
        return new() { Request = ToProto(await views.Of(state, caller, ct), withSubjects: true), Version = version };
    }
}
