using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>What was done, read from the journal itself. What the other side was not told stays with its own.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<GetHistoryResponse> GetHistory(GetHistoryRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var view = await views.Find(request.Name, caller, ct);
        var key = await keys.Load(view.Id, ct);
        var entries = EntryChain.Read(await journal.OfAggregate(view.Id, ct));
        // As of what the caller's side was told: which steps were corrected by post since would tell it that something was.
        var standing = Corrections.Standing(entries.Select(entry => entry.Entry).Where(entry => entry.Version <= view.Version))
            .Select(placed => (placed.Version, placed.Index)).ToHashSet();
        return new()
        {
            Entries =
            {
                from entry in entries
                where RequestHistory.SeenBy(entry.Entry, view, caller)
                select RequestHistory.ToProto(entry.Entry, entry.Row.EntryHash, key, standing, view, caller),
            },
        };
    }
}
