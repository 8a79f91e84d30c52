using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;

namespace Exchange.Requests;

/// <summary>The gRPC service of documents: each rpc has a file of its own beside this one.</summary>
sealed partial class DocumentExchangeService(
    RequestStore store, RequestViews views, CaseStore cases, RequestKeys keys, LookupIndex index, UploadStore uploads,
    DocumentContent content, DocumentCustody custody, CommandHandler commands, Journal journal, ReferenceData reference,
    IOptions<DocumentOptions> options, TimeProvider time) : DocumentExchange.DocumentExchangeBase
{
    /// <summary>An upload of the caller's side, with its request.</summary>
    /// <exception cref="Refusal">Not a name, absent, or not the caller's to see.</exception>
    async Task<(RequestState State, UploadState Upload)> FindUpload(string name, Caller caller, CancellationToken ct)
    {
        var (request, id) = DocumentName.Parse(name, DocumentName.Uploads);
        return (await store.Find([request], caller, ct)).GetValueOrDefault(request) is { } state
            && await uploads.Find(id, ct) is { } upload && upload.Request == request && upload.Record.Side == state.SideOf(caller.State)
                ? (state, upload)
                : throw DocumentRefusals.NotFound(name);
    }

    /// <summary>Finds a document with its request.</summary>
    /// <exception cref="Refusal">Not a name, absent, or not the caller's to see.</exception>
    async Task<(RequestView View, DocumentRecord Record)> FindDocument(string name, Caller caller, CancellationToken ct)
    {
        var (request, id) = DocumentName.Parse(name, DocumentName.Documents);
        return await views.Find(request, caller, ct) is { } view
            && view.Documents.FirstOrDefault(document => document.DocumentId == id.ToString()) is { } record
                ? (view, record)
                : throw DocumentRefusals.NotFound(name);
    }

    static Upload ToProto(RequestState state, UploadState upload) => new()
    {
        Name = DocumentName.OfUpload(state.Id, upload.Id), Received = upload.Received, Size = upload.Record.Size,
        Document = state.Dossier.Document(upload.Id, upload.Record.Side) is null ? "" : DocumentName.Of(state.Id, upload.Record.DocumentId),
    };

    async Task<List<Document>> ToProto(Guid request, IReadOnlyCollection<DocumentRecord> records, CancellationToken ct)
    {
        var key = records.Count == 0 ? null : await keys.Load(request, ct);
        var received = await journal.Began([.. records.Select(record => Guid.Parse(record.DocumentId))], ct);
        return [.. records.Select(record => ToProto(request, record, key, received.GetValueOrDefault(Guid.Parse(record.DocumentId))))];
    }

    // Details whose key was destroyed are gone; what they were of is still told.
    static Document ToProto(Guid request, DocumentRecord record, RequestKey? key, DateTimeOffset receivedAt)
    {
        var details = key is null ? new() : DocumentContent.DetailsOf(record, key);
        return new()
        {
            Name = DocumentName.Of(request, record.DocumentId), Kind = record.Kind, MediaType = record.MediaType, Size = record.Size,
            Title = details.Title, Sha256 = details.Sha256, Salt = details.Salt, Commitment = record.Commitment,
            HandlingCode = record.HandlingCode, Language = record.Language, Side = record.Side,
            TranslationOf = record.TranslationOf.Length == 0 ? "" : DocumentName.Of(request, record.TranslationOf),
            Released = record.ReleasedIn > 0, ReceivedAt = receivedAt.ToTimestamp(),
        };
    }
}
