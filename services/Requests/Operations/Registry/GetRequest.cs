using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>Returns one request that the caller's state sent or was sent.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<MlaRequest> GetRequest(GetRequestRequest request, ServerCallContext context) =>
        ToProto(await views.Find(request.Name, context.Caller(), context.CancellationToken), withSubjects: true);

    static MlaRequest ToProto(RequestView view, bool withSubjects) => new()
    {
        Name = RequestId.NameOf(view.Id),
        Etag = view.Etag,
        Facts = view.Facts,
        Subjects = { withSubjects ? view.Subjects.Select(subject => SubjectVault.WithoutIdentity(view.Id, subject)) : [] },
        AllowedSteps = { view.AllowedSteps },
        OutstandingMeasures = { LifecycleRules.Outstanding(view.Facts) },
        AssignedTo = view.AssignedTo,
        ProposedCorrection = view.ProposedCorrection,
        ProposedCorrectionHash = view.ProposedCorrectionHash,
    };
}
