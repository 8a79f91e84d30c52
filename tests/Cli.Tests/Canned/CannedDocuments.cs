using System.Security.Cryptography;
using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Cli.Tests;

/// <summary>Keeps what comes up, gives it back, and breaks off as often as a test wants.</summary>
sealed class CannedDocuments : DocumentExchange.DocumentExchangeBase
{
    byte[] kept = [];

    public List<BeginUploadRequest> Begun { get; } = [];

    public List<ReadDocumentRequest> Readings { get; } = [];

    public int LargestPiece { get; private set; }

    /// <summary>How many calls more break off after their first piece.</summary>
    public int CutsToCome { get; set; }

    public byte[] Kept => kept;

    /// <summary>What there is to read.</summary>
    public byte[] Content { get; set; } = [];

    public Custody Custody { get; } = new();

    public Document Document => new()
    {
        Name = Sample.Request.Name + "/documents/01890000-0000-7000-8000-00000000000d", Kind = DocumentKind.Evidence,
        Title = "evidence.bin", Size = Content.Length,
        Sha256 = ByteString.CopyFrom(Announced ?? SHA256.HashData(Content)), HandlingCode = HandlingCode.H1, Side = Side.RequestedSide,
        Released = true,
    };

    /// <summary>Another hash than that of the content.</summary>
    public byte[]? Announced { get; set; }

    public override Task<Upload> BeginUpload(BeginUploadRequest request, ServerCallContext context)
    {
        if (Begun.Count == 0 || Begun[^1].CommandId != request.CommandId)
            kept = [];
        Begun.Add(request);
        return Task.FromResult(UploadNow());
    }

    public override async Task<Upload> UploadPieces(IAsyncStreamReader<UploadPiece> requestStream, ServerCallContext context)
    {
        await foreach (var piece in requestStream.ReadAllAsync())
        {
            piece.Offset.ShouldBe(kept.Length);
            piece.Sha256.ToByteArray().ShouldBe(SHA256.HashData(piece.Data.Span));
            LargestPiece = Math.Max(LargestPiece, piece.Data.Length);
            kept = [.. kept, .. piece.Data.Span];
            if (CutsToCome-- <= 0)
                continue;
            context.GetHttpContext().Abort();
            break;
        }
        return UploadNow();
    }

    public override Task<Document> CompleteUpload(CompleteUploadRequest request, ServerCallContext context)
    {
        var begun = Begun[^1];
        return Task.FromResult(new Document
        {
            Name = $"{begun.Request}/documents/{begun.CommandId}", Title = begun.Title, Size = kept.Length,
            Sha256 = ByteString.CopyFrom(SHA256.HashData(kept)),
        });
    }

    public override Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListDocumentsResponse { Documents = { Content.Length > 0 ? [Document] : Array.Empty<Document>() } });

    public override async Task ReadDocument(ReadDocumentRequest request, IServerStreamWriter<ReadDocumentResponse> responseStream,
        ServerCallContext context)
    {
        Readings.Add(request);
        await responseStream.WriteAsync(new() { Document = Document });
        foreach (var piece in Content[(int)request.Offset..].Chunk(64 * 1024))
        {
            await responseStream.WriteAsync(new() { Data = ByteString.CopyFrom(piece) });
            if (CutsToCome-- > 0)
                throw new RpcException(new(StatusCode.Unavailable, "Going down."));
        }
    }

    public override Task<Custody> GetCustody(GetCustodyRequest request, ServerCallContext context) => Task.FromResult(Custody);

    Upload UploadNow() => new() { Name = "requests/a/uploads/b", Received = kept.Length, Size = Begun[^1].Size };
}
