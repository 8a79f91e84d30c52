using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>Streams sealed entries in order, up to what was sealed when the call came in.</summary>
    [Allow(CallerRole.Service, CallerRole.Operator)]
    public override async Task ReadJournal(ReadJournalRequest request, IServerStreamWriter<SealedEntry> responseStream,
        ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        List<Violation> faults = [];
        if (request.FromSealedNo < 0)
            faults.Add(new("from_sealed_no", "must not be negative."));
        if (request.ToSealedNo < 0)
            faults.Add(new("to_sealed_no", "must not be negative."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);

        var (head, _) = await journal.Head(context.CancellationToken);
        var last = request.ToSealedNo == 0 ? head : Math.Min(head, request.ToSealedNo);
        await foreach (var row in journal.Read(
            Math.Max(1, request.FromSealedNo), last, request.View is not JournalView.Basic, context.CancellationToken))
        {
            var entry = new SealedEntry
            {
                SealedNo = row.SealedNo, Version = row.Version,
                TraceParent = row.TraceParent ?? "",
                EntryHash = ByteString.CopyFrom(row.EntryHash), SealHash = ByteString.CopyFrom(row.SealHash),
                Canonical = UnsafeByteOperations.UnsafeWrap(row.Entry),
            };
            entry.Aggregate = request.View is JournalView.Basic ? row.AggregateId.ToString() : RequestState.Parse(row.Entry).Aggregate;
            await responseStream.WriteAsync(entry, context.CancellationToken);
        }
    }

    /// <summary>The newest signed head; number 0, unsigned, while nothing is sealed.</summary>
    [Allow(CallerRole.Service, CallerRole.Operator, CallerRole.Prosecutor)]
    public override async Task<Checkpoint> GetCheckpoint(GetCheckpointRequest request, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        return await journal.Checkpoint(context.CancellationToken) is { } body
            ? Checkpoint.Parser.ParseFrom(body)
            : new() { Service = "exchange://service/requests" };
    }
}
