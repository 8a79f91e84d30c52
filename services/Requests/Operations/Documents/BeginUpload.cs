using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Exchange.Client;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class DocumentExchangeService
{
    const int TitleLength = 200;

    /// <summary>Announces a document; the same command id again returns the same upload.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<Upload> BeginUpload(BeginUploadRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var loaded = RequestName.Fault(request.Request) is null ? await store.FindNamedOrNull(request.Request, caller, ct) : null;
        var id = CommandIdentity.TryParseId(request.CommandId, out var command) ? index.DocumentOf(command) : Guid.Empty;
        var upload = await uploads.Find(id, ct);
        // What was announced before was within the limit of its day.
        if (Faults(request, Math.Max(options.Value.MaxBytes, upload?.Record.Size ?? 0)).ToList() is { Count: > 0 } faults)
            throw Refusal.Invalid(faults);
        var state = loaded ?? throw RequestRefusals.NotFound(request.Request);
        var translated = DocumentName.Read(request.TranslationOf, DocumentName.Documents);
        var record = new DocumentRecord
        {
            DocumentId = id.ToString(), Kind = request.Kind, Side = state.SideOf(caller.State), Size = request.Size,
            MediaType = request.MediaType, HandlingCode = request.HandlingCode, Language = request.Language,
            TranslationOf = $"{translated?.Document}",
        };
        if (upload is null)
        {
            LifecycleRules.Admit(state.Facts, StepCode.AddDocument, caller, out _);
            if (state.Dossier.Documents.Count >= options.Value.MaxPerRequest)
                throw DocumentRefusals.TooMany(options.Value.MaxPerRequest);
            if (translated is { } original
                && (original.Request != state.Id || state.Dossier.Document(original.Document, record.Side) is null))
                throw Refusal.Invalid([new("translation_of", "is not a document of this request that you may see.")]);
            var key = await keys.Load(state.Id, ct) ?? throw RequestRefusals.Erased();
            record.EncryptedDetails = DocumentContent.Encrypt(key, id, new()
            {
                Title = request.Title, Sha256 = request.Sha256,
                Salt = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(ActStatements.SaltLength)),
            });
            await uploads.Announce(state.Id, record, ct);
            upload = await uploads.Find(id, ct) ?? throw CommandHandler.IdReused();
        }
        return await IsSame(upload, state.Id, record, request, ct) ? ToProto(state, upload) : throw CommandHandler.IdReused();
    }

    async Task<bool> IsSame(UploadState upload, Guid request, DocumentRecord record, BeginUploadRequest announced, CancellationToken ct)
    {
        if (upload.Request != request || await keys.Load(request, ct) is not { } key)
            return false;
        // The commitment is there only once all of it has come.
        var before = DocumentCustody.WithoutDetails(upload.Record);
        before.Commitment = ByteString.Empty;
        var details = DocumentContent.DetailsOf(upload.Record, key);
        return before.Equals(DocumentCustody.WithoutDetails(record))
            && (details.Title, details.Sha256) == (announced.Title, announced.Sha256);
    }

    static IEnumerable<Violation> Faults(BeginUploadRequest request, long most)
    {
        if (RequestName.Fault(request.Request) is { } fault)
            yield return new("request", fault);
        if (!CommandIdentity.TryParseId(request.CommandId, out _))
            yield return new("command_id", CommandIdentity.IdFault);
        if (request.Kind is DocumentKind.Unspecified || !Enum.IsDefined(request.Kind))
            yield return new("kind", "must say what the document is.");
        if (string.IsNullOrWhiteSpace(request.Title) || request.Title.Length > TitleLength
            || request.Title.AsSpan().ContainsAny(NoFileName))
            yield return new("title", $"must be a file name of up to {TitleLength} characters, without a path.");
        if (!MediaType().IsMatch(request.MediaType))
            yield return new("media_type", "must be a media type, such as application/pdf.");
        if (request.Size < 1 || request.Size > most)
            yield return new("size", $"must be 1 to {most} bytes.");
        if (request.Sha256.Length != SHA256.HashSizeInBytes)
            yield return new("sha256", $"must be {SHA256.HashSizeInBytes} bytes, the SHA-256 of the content.");
        if (request.HandlingCode is HandlingCode.Unspecified || !Enum.IsDefined(request.HandlingCode))
            yield return new("handling_code", "must say what the receiver may do with it: H0, H1, H2 or H3.");
        if (request.Kind is DocumentKind.Translation && DocumentName.Fault(request.TranslationOf, DocumentName.Documents) is { } wrong)
            yield return new("translation_of", wrong);
        if (request.Kind is not DocumentKind.Translation && request.TranslationOf.Length > 0)
            yield return new("translation_of", "is for a translation only.");
        if (request.Language.Length == 0 && request.Kind is DocumentKind.LetterDocument or DocumentKind.Translation)
            yield return new("language", "must be given for a letter and for a translation, such as pl.");
        if (request.Language.Length > 0 && !LetterRules.IsLanguage(request.Language))
            yield return new("language", "must be an ISO 639-1 code, two lower-case letters.");
    }

    static readonly System.Buffers.SearchValues<char> NoFileName =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (char)c), '\u007f', '/', '\\']);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\z", RegexOptions.CultureInvariant)]
    private static partial Regex MediaType();
}
