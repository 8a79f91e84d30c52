using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class DocumentExchangeService
{
    /// <summary>Returns a document's chain of custody, with the act that gave it to the other side in its place.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<Custody> GetCustody(GetCustodyRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var (view, record) = await FindDocument(request.Name, caller, ct);
        var handled = await journal.OfAggregate(Guid.Parse(record.DocumentId), ct);
        var released = record.ReleasedIn == 0 ? [] : await journal.OfAggregate(view.Id, ct, record.ReleasedIn);
        var key = await keys.Load(view.Id, ct);
        return new()
        {
            Document = (await ToProto(view.Id, [record], ct))[0],
            // Stable: what happened in the same instant keeps the order of its chain.
            Entries =
            {
                EntryChain.Read(handled).Concat(EntryChain.Read(released)).Select(read => ToProto(read.Row, read.Entry, key, caller))
                    .OrderBy(entry => entry.RecordedAt.ToDateTimeOffset()),
            },
        };
    }

    static CustodyEntry ToProto(SealedRow row, JournalEntry entry, RequestKey? key, Caller caller)
    {
        var handled = entry.Steps.Select(step => step.DocumentHandled).FirstOrDefault(handled => handled is not null);
        // A side learns which authority of the other handled the document, and neither who there nor for which case.
        var actor = caller.Redact(entry.Actor.Identity);
        return new()
        {
            Chain = entry.Aggregate, Version = row.Version, RecordedAt = entry.RecordedAt, PreviousHash = entry.PreviousHash,
            EntryHash = ByteString.CopyFrom(row.EntryHash), SealedNo = row.SealedNo,
            Handling = handled?.Handling ?? Handling.Released, Purpose = handled?.Purpose ?? Purpose.Unspecified,
            Offset = handled?.Offset ?? 0,
            Actor = actor, CaseNumber = actor == entry.Actor.Identity && handled is not null
                ? key.Read(RequestKey.Reading, handled.EncryptedReason, ReadingReason.Parser).CaseNumber : "",
        };
    }
}
