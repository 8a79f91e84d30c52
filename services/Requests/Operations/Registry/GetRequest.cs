using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>Returns one request that the caller's state sent or was sent.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<MlaRequest> GetRequest(GetRequestRequest request, ServerCallContext context) =>
        ToProto(await store.FindNamed(request.Name, context.Caller(), context.CancellationToken), context.Caller(), withSubjects: true);

    static MlaRequest ToProto(RequestState state, Caller caller, bool withSubjects) => new()
    {
        Name = RequestId.NameOf(state.Id),
        Etag = state.Etag,
        Facts = state.Facts,
        Subjects = { withSubjects ? state.Subjects.Subjects.Select(subject => SubjectVault.WithoutIdentity(state.Id, subject)) : [] },
        AllowedSteps = { LifecycleRules.Allowed(state, caller) },
        OutstandingMeasures = { LifecycleRules.Outstanding(state.Facts) },
        AssignedTo = state.Dossier.AssignedTo(state.SideOf(caller.State)) ?? "",
        ProposedCorrection = state.Dossier.ProposedCorrection is { } proposed && proposed.Side == state.SideOf(caller.State)
            ? proposed.ProposedIn : 0,
    };
}
