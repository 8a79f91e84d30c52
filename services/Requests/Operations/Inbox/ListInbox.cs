using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class OfficerInboxService
{
    const int DefaultPageSize = 100;
    const long Beginning = -1;

    /// <summary>Lists what is new since the caller last looked, or after a number.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<ListInboxResponse> ListInbox(ListInboxRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var head = await inbox.Position(ct);
        List<Violation> faults = [];
        if (request.AfterSealedNo < Beginning)
            faults.Add(new("after_sealed_no",
                "must be a sealed number, 0 for what is new since you last looked, or -1 for the beginning."));
        if (request.AfterSealedNo > head)
            faults.Add(AheadOfAll("after_sealed_no"));
        var size = PageSize.Of(request.PageSize, DefaultPageSize, fault => faults.Add(new("page_size", fault)));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);

        var after = request.AfterSealedNo == 0 ? await inbox.Mark(caller, ct) : Math.Max(0, request.AfterSealedNo);
        var page = await inbox.Items(caller, request.Mine, after, head, size + 1, ct);
        var more = page.Count > size;
        return new() { Items = { page.Take(size) }, More = more, SealedNo = more ? page[size - 1].SealedNo : head };
    }
}
