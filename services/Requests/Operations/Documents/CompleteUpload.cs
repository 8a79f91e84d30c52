using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.Requests;

sealed partial class DocumentExchangeService
{
    /// <summary>
    /// Verifies, then says so in the document's chain, then puts it into the request. What was done of it is not done again, so
    /// that a call that was cut is simply made again.
    /// </summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<Document> CompleteUpload(CompleteUploadRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var (state, upload) = await FindUpload(request.Name, caller, ct);
        if (state.Dossier.Document(upload.Id, upload.Record.Side) is null)
        {
            LifecycleRules.Admit(state.Facts, StepCode.AddDocument, caller, out _);
            if (upload.Received < upload.Record.Size)
                throw DocumentRefusals.NotWhole(upload.Received, upload.Record.Size);
            if (!upload.Verified)
                upload = await Verify(upload, ct);
            await custody.Received(state.Id, upload.Record, caller, ct);
            state = await AddToRequest(state.Id, request.Name, upload, caller, ct);
        }
        return (await ToProto(state.Id, [state.Dossier.Document(upload.Id, upload.Record.Side)!], ct))[0];
    }

    async Task<UploadState> Verify(UploadState upload, CancellationToken ct)
    {
        var key = await keys.Load(upload.Request, ct) ?? throw DocumentRefusals.Erased();
        var details = DocumentContent.DetailsOf(upload.Record, key);
        var (hash, commitment) = await content.Hash(upload.Id, key, upload.Record.Size, details.Salt.Memory, ct);
        if (!details.Sha256.Span.SequenceEqual(hash))
        {
            await uploads.StartOver(upload, ct);
            throw DocumentRefusals.HashMismatch("name",
                "What arrived is not what was announced; it was thrown away. Send it again from the first byte.");
        }
        var whole = upload with { Record = new(upload.Record) { Commitment = ByteString.CopyFrom(commitment) } };
        return await uploads.Verify(whole, ct) ? whole : throw RequestRefusals.ChangedMeanwhile(amended: false);
    }

    Task<RequestState> AddToRequest(Guid request, string name, UploadState upload, Caller caller, CancellationToken ct)
    {
        var command = new CommandIdentity(upload.Id, DocumentCustody.DigestOf(upload.Record));
        return commands.Handle(command, Load, Decide, (_, token) => Load(token), ct);

        async Task<RequestState> Load(CancellationToken token) =>
            (await store.Find([request], caller, token)).GetValueOrDefault(request) ?? throw DocumentRefusals.NotFound(name);

        Task<Decision<RequestState>> Decide(RequestState state, CancellationToken token)
        {
            if (state.Dossier.Document(upload.Id, upload.Record.Side) is not null)
                return Task.FromResult(Decision.Unchanged(state));
            LifecycleRules.Admit(state.Facts, StepCode.AddDocument, caller, out _);
            var added = Adding(state, upload.Record, caller);
            var entry = added.Compose(state, state.Id, RequestState.ActorOf(caller), command, time.GetUtcNow());
            return Task.FromResult(Decision.Write(entry, RequestState.After(entry, added)));
        }
    }

    RequestChange Adding(RequestState state, DocumentRecord record, Caller caller)
    {
        var today = reference.Today(caller.State!, time).ToIso();
        var step = new Step { OccurredOn = today, DocumentAdded = new() { Document = record } };
        var change = RequestChange.Of(state, state.Facts, step) with { Code = StepCode.AddDocument };
        change.Dossier.Documents.Add(record);
        // It goes with the letter and into its hash.
        if (state.Facts.Status == Status.Draft)
            change.Dossier.AddAuthor(caller);
        return change;
    }
}
