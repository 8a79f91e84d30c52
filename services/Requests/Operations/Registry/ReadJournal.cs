using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
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
                EntryHash = ByteString.CopyFrom(row.EntryHash), Canonical = UnsafeByteOperations.UnsafeWrap(row.Entry),
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
        if (request.Known < 0)
            throw Refusal.Invalid([new("known", "must not be negative.")]);
        var checkpoint = new Checkpoint
        {
            Root = ByteString.CopyFrom(MerkleTree.EmptyRoot), VerifierKey = signer.OwnKey.ToString(),
            Certificate = ByteString.CopyFrom(signer.Certificate.RawData),
        };
        if (await journal.NewestHead(context.CancellationToken) is not { } head)
            return checkpoint;
        checkpoint.SealedNo = head.Size;
        checkpoint.Root = ByteString.CopyFrom(head.Root);
        checkpoint.SealedAt = head.SealedAt.ToTimestamp();
        checkpoint.Note = signer.Renew(head);
        if (request.Known <= head.Size)
            checkpoint.Consistency.Add(await Proof(journal.ProveConsistency(request.Known, head.Size, context.CancellationToken)));
        return checkpoint;
    }

    /// <summary>Proves that an entry stands at its number.</summary>
    [Allow(CallerRole.Service, CallerRole.Operator, CallerRole.Prosecutor)]
    public override async Task<MerkleProof> ProveInclusion(ProveInclusionRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        await CheckRange(request.SealedNo, "sealed_no", request.Size, "size", context);
        return new() { Hashes = { await Proof(journal.ProveInclusion(request.SealedNo, request.Size, ct)) } };
    }

    /// <summary>Proves that a head covers an older one.</summary>
    [Allow(CallerRole.Service, CallerRole.Operator, CallerRole.Prosecutor)]
    public override async Task<MerkleProof> ProveConsistency(ProveConsistencyRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        await CheckRange(request.Older, "older", request.Newer, "newer", context);
        return new() { Hashes = { await Proof(journal.ProveConsistency(request.Older, request.Newer, ct)) } };
    }

    async Task CheckRange(long first, string nameOfFirst, long last, string nameOfLast, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        var (head, _) = await journal.Head(context.CancellationToken);
        List<Violation> faults = [];
        if (first < 1)
            faults.Add(new(nameOfFirst, "must be 1 at least."));
        if (last < first || last > head)
            faults.Add(new(nameOfLast, $"must be from {nameOfFirst} to {head}, the last number sealed."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
    }

    static async Task<IEnumerable<ByteString>> Proof(Task<List<byte[]>> hashes) => (await hashes).Select(hash => ByteString.CopyFrom(hash));
}
