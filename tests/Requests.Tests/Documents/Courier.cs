using System.Security.Cryptography;
using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Requests.Tests;

/// <summary>An officer's client: hands documents in and reads them, for the purpose and case that are his.</summary>
sealed class Courier(DocumentExchange.DocumentExchangeClient client, (Purpose Purpose, string Case) reason)
{
    public const int Piece = 1 << 20;

    public DocumentExchange.DocumentExchangeClient Client => client;

    /// <summary>Bytes that look like nothing, the same ones for the same seed.</summary>
    public static byte[] Made(int length, int seed = 1)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    /// <summary>An announcement without fault.</summary>
    public static BeginUploadRequest Announcement(string request, byte[] content) => new()
    {
        Request = request, CommandId = Guid.CreateVersion7().ToString(), Kind = DocumentKind.Evidence, Title = "statement.pdf",
        MediaType = "application/pdf",
        Size = content.Length, Sha256 = ByteString.CopyFrom(SHA256.HashData(content)), HandlingCode = HandlingCode.H1,
    };

    public static UploadPiece PieceOf(string upload, byte[] content, long offset, int length = Piece)
    {
        var data = ByteString.CopyFrom(content, (int)offset, (int)Math.Min(length, content.Length - offset));
        return new() { Upload = upload, Offset = offset, Data = data, Sha256 = ByteString.CopyFrom(SHA256.HashData(data.Span)) };
    }

    public async Task<Upload> Announce(string request, byte[] content) => await client.BeginUploadAsync(Announcement(request, content));

    /// <summary>Sends, in one call, what is missing.</summary>
    public Task<Upload> Send(Upload upload, byte[] content, int length = Piece) => Send(
        Enumerable.Range(0, (int)((upload.Size - upload.Received + length - 1) / length))
            .Select(n => PieceOf(upload.Name, content, upload.Received + ((long)n * length), length)));

    public async Task<Upload> Send(params IEnumerable<UploadPiece> pieces)
    {
        using var call = client.UploadPieces();
        try
        {
            foreach (var piece in pieces)
                await call.RequestStream.WriteAsync(piece);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The call ended before all was sent; its answer says why.
        }
        return await call;
    }

    public async Task<Document> HandIn(string request, byte[] content) =>
        await Complete(await Send(await Announce(request, content), content));

    public async Task<Upload> Look(string upload) => await client.GetUploadAsync(new() { Name = upload });

    public async Task<Document> Complete(Upload upload) => await client.CompleteUploadAsync(new() { Name = upload.Name });

    public async Task<List<Document>> List(string request) => [.. (await client.ListDocumentsAsync(new() { Request = request })).Documents];

    public async Task<Custody> Custody(string document) => await client.GetCustodyAsync(new() { Name = document });

    /// <summary>Reads from an offset on into what is there already; what came before a break stays.</summary>
    public async Task<Document> Read(string document, MemoryStream into, Action<ReadDocumentRequest>? change = null)
    {
        var request = new ReadDocumentRequest { Name = document, Offset = into.Length, Purpose = reason.Purpose, CaseNumber = reason.Case };
        change?.Invoke(request);
        using var call = client.ReadDocument(request);
        (await call.ResponseStream.MoveNext(default)).ShouldBeTrue();
        var header = call.ResponseStream.Current.Document;
        await foreach (var part in call.ResponseStream.ReadAllAsync())
            into.Write(part.Data.Span);
        return header;
    }

    /// <summary>All of it.</summary>
    public async Task<byte[]> Read(string document)
    {
        using var into = new MemoryStream();
        await Read(document, into);
        return into.ToArray();
    }
}
