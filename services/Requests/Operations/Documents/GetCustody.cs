using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class DocumentExchangeService
{
    /// <summary>Returns a document's chain of custody as the caller may see it, with the act that gave it to the other side.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<Custody> GetCustody(GetCustodyRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var (view, record) = await FindDocument(request.Name, caller, ct);
        var handled = await journal.OfAggregate(Guid.Parse(record.DocumentId), ct);
        var released = record.ReleasedIn == 0 ? [] : await journal.OfAggregate(view.Id, ct, record.ReleasedIn);
        var seen = new CustodyView(caller, record.Side == view.Side, await keys.Load(view.Id, ct), index,
            await cases.ClosedTo(caller, ct));
        return new()
        {
            Document = (await ToProto(view.Id, [record], ct))[0],
            // Stable: what happened in the same instant keeps the order of its chain.
            Entries =
            {
                EntryChain.Read(handled).Concat(EntryChain.Read(released)).OrderBy(read => read.Entry.RecordedAt.ToDateTimeOffset())
                    .Select(read => seen.Of(read.Row, read.Entry)).OfType<CustodyEntry>(),
            },
        };
    }
}
