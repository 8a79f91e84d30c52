using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    const int MostReferences = 10_000;

    /// <summary>
    /// Opens the service again after it was restored from an older copy, with references beyond all that others have seen.
    /// Without a restore it only moves the references.
    /// </summary>
    [Allow(CallerRole.Operator)]
    public override async Task<AcceptRestoreResponse> AcceptRestore(AcceptRestoreRequest request, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        if (request.ReferencesSeen.Count > MostReferences)
            throw Refusal.Invalid([new("references_seen", $"must name at most {MostReferences}: the highest of each state and year.")]);
        await references.MoveBeyond(request.ReferencesSeen, context.CancellationToken);
        await history.Reconcile(context.CancellationToken);
        return new() { SealedNo = (await journal.Head(context.CancellationToken)).SealedNo };
    }
}
