using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class OfficerInboxService
{
    /// <summary>Says that the caller has seen everything up to a number; never goes back.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<MarkInboxResponse> MarkInbox(MarkInboxRequest request, ServerCallContext context)
    {
        if (request.SealedNo < 0)
            throw Refusal.Invalid([new("sealed_no", "must not be negative.")]);
        if (request.SealedNo > await inbox.Position(context.CancellationToken))
            throw Refusal.Invalid([AheadOfAll("sealed_no")]);
        return new() { SealedNo = await inbox.Mark(context.Caller(), request.SealedNo, context.CancellationToken) };
    }
}
