using Exchange.Platform;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class EscalationService
{
    /// <summary>Flags of the requests the caller's state sent, the newest change first; then those of registers.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<ListFlagsResponse> ListFlags(ListFlagsRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var reader = new QueryReader(reference, time, caller.State!);
        var (partners, kind) = (reader.Partners(request.Partners), reader.Defined(request.LimitKind, "limit_kind"));
        var size = reader.PageSize(request.PageSize, 100);
        var after = reader.PageToken<FlagPosition>(request.PageToken, request);
        reader.ThrowIfInvalid();

        var asked = new FlagQuery(caller.State!, request.Standing, partners, kind, await closed.To(caller, context.CancellationToken));
        var (found, changeNo, next) = await flags.List(asked, size, after, context.CancellationToken);
        await SetCaseNumbers(found, caller, context.CancellationToken);
        return new()
        {
            Flags = { found },
            ChangeNo = changeNo,
            NextPageToken = next is null ? "" : PageToken.EncodeFor(request, caller.State!, next),
        };
    }

    async Task SetCaseNumbers(List<FlagChange> changes, Caller caller, CancellationToken ct)
    {
        var numbers = await cases.Of(caller, changes.Select(change => change.Request), ct);
        foreach (var change in changes)
            change.CaseNumber = numbers.GetValueOrDefault(change.Request, "");
    }
}
