using Exchange.Platform;
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
        var kept = await cases.Find(caller.State!, request.Number, ct);
        if (kept?.IsClosedTo(caller) == true)
            throw RequestRefusals.NoCase(request.Number);
        var named = request.Number.Length == 0
            ? []
            : await requests.List(caller, new([], [caller.State!], [], request.Number, null, null, null, null, Mine: false),
                MostRequests, ct);
        if (kept is null && named.Count == 0)
            throw RequestRefusals.NoCase(request.Number);
        var shown = kept is null ? new() { State = caller.State, Number = request.Number } : ToProto(kept);
        shown.Requests.Add(named.Select(state => state.Facts));
        return shown;
    }
}
