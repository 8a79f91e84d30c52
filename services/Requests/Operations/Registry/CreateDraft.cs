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
        var (state, version) = await drafts.Open(request, context.Caller(), context.CancellationToken);
        return new() { Request = ToProto(state, context.Caller(), withSubjects: true), Version = version };
    }
}
