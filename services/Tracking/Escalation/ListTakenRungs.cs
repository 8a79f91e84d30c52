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
        var caller = context.Caller();
        var reader = new QueryReader(reference, time, caller.State!);
        var partners = reader.Partners(request.Partners);
        var size = reader.PageSize(request.PageSize, 50);
        var after = reader.PageToken<RungPosition>(request.PageToken, request);
        reader.ThrowIfInvalid();

        var taken = await Taken(caller, partners, after, size + 1, context.CancellationToken);
        var response = new ListTakenRungsResponse { Rungs = { taken.Take(size) } };
        if (taken.Count > size)
            response.NextPageToken = PageToken.EncodeFor(request, caller.State!, PositionOf(taken[size - 1]));
        return response;
    }

    /// <summary>So many of the rungs that the caller may see, read page by page, for many may be hidden from him.</summary>
    async Task<List<TakenRung>> Taken(Caller caller, string[] partners, RungPosition? after, int count, CancellationToken ct)
    {
        var hidden = (await closed.To(caller, ct)).Select(RequestId.NameOf).ToHashSet();
        List<TakenRung> seen = [];
        while (seen.Count < count)
        {
            var page = await rungs.List(caller.State!, partners, after, count, ct);
            var told = await rungs.Told([.. page.Where(rung => rung.RequestingState != caller.State)
                .SelectMany(rung => rung.Taken.Requests).Select(request => RequestId.Parse(request.Request)).Distinct()], ct);
            var view = new RungView(caller, hidden, told);
            seen.AddRange(page.Select(view.Of).OfType<TakenRung>().Take(count - seen.Count));
            if (page.Count < count)
                break;
            after = PositionOf(page[^1].Taken);
        }
        return seen;
    }

    static RungPosition PositionOf(TakenRung taken) => new(taken.RecordedAt.ToDateTimeOffset(), RungEntry.IdOf(taken));
}
