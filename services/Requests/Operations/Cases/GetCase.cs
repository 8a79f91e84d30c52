using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class CaseRegistryService
{
    /// <summary>A case with its requests, kept here or only named by them.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<CriminalCase> GetCase(GetCaseRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        // One that is closed to the caller is to him as if it were not kept.
        var kept = await cases.Find(caller.State!, request.Number, ct) is { } found && !found.IsClosedTo(caller) ? found : null;
        var named = CaseNumber.Normalise(request.Number).Length == 0
            ? []
            : await requests.List(caller, new([], [caller.State!], [], request.Number, null, null, null, null, Mine: false),
                MostRequests, ct);
        if (kept is null && named.Count == 0)
            throw RequestRefusals.NoCase(request.Number);
        var shown = kept is null ? new() { State = caller.State, Number = request.Number } : ToProto(kept);
        shown.Requests.Add(named.Select(view => view.Facts));
        return shown;
    }
}
