using Exchange.Platform;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class EscalationService
{
    /// <summary>
    /// The rungs that the caller's state took, and those that were taken with it as the partner, who reads what is addressed to it.
    /// </summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<ListTakenRungsResponse> ListTakenRungs(ListTakenRungsRequest request, ServerCallContext context)
    {
        var caller = context.Caller().State!;
        var reader = new QueryReader(reference, time, caller);
        var partners = reader.Partners(request.Partners);
        var size = reader.PageSize(request.PageSize, 50);
        var after = reader.PageToken<RungPosition>(request.PageToken, request);
        reader.ThrowIfInvalid();

        var taken = await rungs.List(caller, partners, after, size + 1, context.CancellationToken);
        var response = new ListTakenRungsResponse { Rungs = { taken.Take(size) } };
        if (taken.Count > size)
        {
            var last = taken[size - 1];
            response.NextPageToken = PageToken.EncodeFor(request, caller,
                new RungPosition(last.RecordedAt.ToDateTimeOffset(), RungEntry.IdOf(last)));
        }
        return response;
    }
}
