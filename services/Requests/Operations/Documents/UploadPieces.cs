using System.Security.Cryptography;
using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class DocumentExchangeService
{
    /// <summary>Keeps piece after piece, each durable by itself. One that was received before and is the same again is let by.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<Upload> UploadPieces(IAsyncStreamReader<UploadPiece> requestStream, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        if (!await requestStream.MoveNext(ct))
            throw Refusal.Invalid([new("upload", "must be named in the first piece.")]);
        var name = requestStream.Current.Upload;
        var (_, upload) = await FindUpload(name, caller, ct);
        var key = await keys.Load(upload.Request, ct) ?? throw DocumentRefusals.Erased();
        do
            await Take(requestStream.Current, name, upload, key, ct);
        while (await requestStream.MoveNext(ct));

        var (state, received) = await FindUpload(name, caller, ct);
        return ToProto(state, received);
    }

    async Task Take(UploadPiece piece, string name, UploadState upload, RequestKey key, CancellationToken ct)
    {
        if (Faults(piece, name, upload.Record.Size).ToList() is { Count: > 0 } faults)
            throw Refusal.Invalid(faults);
        if (piece.Sha256.Length > 0 && !piece.Sha256.Span.SequenceEqual(SHA256.HashData(piece.Data.Span)))
            throw DocumentRefusals.HashMismatch("sha256", "The piece is not what its hash says; it was not kept. Send it again.");
        if (await uploads.Keep(upload.Id, upload.Attempt, piece.Offset, piece.Data.Length,
            DocumentContent.Encrypt(key, upload.Id, piece.Offset, piece.Data.Span), ct))
            return;

        var now = await uploads.Find(upload.Id, ct) ?? throw DocumentRefusals.NotFound(name);
        if (now.Attempt != upload.Attempt || piece.Offset + piece.Data.Length > now.Received)
            throw DocumentRefusals.OutOfPlace(now.Received);
        var at = 0;
        await foreach (var part in content.Read(upload.Id, key, piece.Offset, piece.Offset + piece.Data.Length, ct))
        {
            if (!piece.Data.Span.Slice(at, part.Length).SequenceEqual(part.Span))
                throw DocumentRefusals.Different(piece.Offset);
            at += part.Length;
        }
    }

    static IEnumerable<Violation> Faults(UploadPiece piece, string name, long size)
    {
        if (piece.Upload.Length > 0 && piece.Upload != name)
            yield return new("upload", "is another one than in the first piece; make a call for each.");
        if (piece.Data.Length is 0 or > DocumentContent.PieceLength)
            yield return new("data", $"must be 1 to {DocumentContent.PieceLength} bytes.");
        if (piece.Offset < 0 || piece.Offset > size - piece.Data.Length)
            yield return new("offset", $"must be such that the piece lies within the {size} bytes announced.");
        if (piece.Sha256.Length is not (0 or SHA256.HashSizeInBytes))
            yield return new("sha256", $"must be {SHA256.HashSizeInBytes} bytes, or left out.");
    }
}
