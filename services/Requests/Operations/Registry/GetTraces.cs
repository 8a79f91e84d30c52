using System.Diagnostics;
using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>By which trace each step can be followed. Who may not see a step in the history does not see its trace either.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<GetTracesResponse> GetTraces(GetTracesRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var view = await views.Find(request.Name, caller, context.CancellationToken);
        return new()
        {
            Traces =
            {
                from read in EntryChain.Read(await journal.OfAggregate(view.Id, context.CancellationToken))
                where ActivityContext.TryParse(read.Row.TraceParent, null, out _) && RequestHistory.SeenBy(read.Entry, view, caller)
                select TraceOf(read.Entry, ActivityContext.Parse(read.Row.TraceParent!, null).TraceId.ToHexString()),
            },
        };
    }

    StepTrace TraceOf(JournalEntry entry, string traceId) => new()
    {
        Version = entry.Version, RecordedAt = entry.RecordedAt, Step = entry.Step, TraceId = traceId,
        Link = telemetry.Value.LinkTo(traceId),
    };
}
