using Exchange.Client;
using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>Takes one step in a request's life.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<TakeStepResponse> TakeStep(TakeStepRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var act = request.Act ?? new();
        var (state, version) = await steps.Take(request, caller, context.CancellationToken);
        // So that the caller sees it at once. Should this process die before, ReplacementWorker finds it in the journal.
        if (LifecycleTable.Replaces(act.Code()))
            await followUps.TryMarkReplaced(state.Facts, RequestState.ActorOf(caller), context.CancellationToken);
        return new()
        {
            Request = ToProto(await views.Of(state, caller, context.CancellationToken), withSubjects: true), Version = version,
        };
    }
}
