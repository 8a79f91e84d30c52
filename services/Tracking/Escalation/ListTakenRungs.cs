using Exchange.Platform;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class EscalationService
{
    /// <summary>The rungs that the caller's state took, and those taken with it: a reminder is read by whom it is addressed to.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<ListTakenRungsResponse> ListTakenRungs(ListTakenRungsRequest request, ServerCallContext context)
    {
        var caller = context.Caller().State!;
        var reader = new QuestionReader(reference, time, caller);
        var partners = reader.Partners(request.Partners);
        var size = reader.PageSize(request.PageSize, 50);
        var after = PageToken.Read<RungPlace>(request, request.PageToken, caller, reader);
        reader.Refuse();

        var taken = await rungs.List(caller, partners, after, size + 1, context.CancellationToken);
        var response = new ListTakenRungsResponse { Rungs = { taken.Take(size) } };
        if (taken.Count > size)
            response.NextPageToken = PageToken.Write(request, caller, new RungPlace(taken[size - 1].RecordedAt.ToDateTimeOffset(), RungEntry.IdOf(taken[size - 1])));
        return response;
    }
}
