using System.Security.Cryptography;
using System.Text;
using Exchange.Client;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Cli;

/// <summary>
/// Hands a file in, in pieces. Its command id is made of the file's hash and of what is said about it, so that the same
/// command goes on where it was cut, in this run or in the next; memory holds one piece, however large the file.
/// </summary>
sealed class DocumentUpload(Session session, string path, BeginUploadRequest announced)
{
    const int PieceSize = 1024 * 1024;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    long lastSign;

    /// <param name="document">What is said about it; the rest is read from the file.</param>
    public static async Task<Document> Run(Session session, string path, BeginUploadRequest document)
    {
        await using (var file = DocumentFile.Read(path))
        {
            document.Size = file.Length;
            document.Sha256 = ByteString.CopyFrom(await SHA256.HashDataAsync(file, session.Stop));
        }
        document.Title = Path.GetFileName(path);
        document.MediaType = DocumentFile.MediaType(path);
        document.CommandId = "";
        document.CommandId = IdOf(document, session.Services.OwnIdentity);
        return await FileProgress.Around(session, document.Title, document.Size,
            moved => new DocumentUpload(session, path, document).Run(moved));
    }

    async Task<Document> Run(Action<long> moved)
    {
        var backoff = new Backoff(FirstPause, LongestPause);
        lastSign = session.Time.GetTimestamp();
        while (true)
        {
            var before = lastSign;
            try
            {
                return await session.Services.Documents.Call(documents => Try(documents, moved));
            }
            catch (ServiceCallException failure) when (failure.Cause.IsConnectionBroken && !session.Stop.IsCancellationRequested)
            {
                if (lastSign != before)
                    backoff.Reset();
                if (session.Time.GetElapsedTime(lastSign) + backoff.Pause > Patience)
                    throw;
                session.Note(
                    $"The connection to {failure.Service} was cut; going on in {backoff.Pause.TotalSeconds:0.#} s from where it was.");
                await backoff.Wait(session.Time, session.Stop);
            }
        }
    }

    async Task<Document> Try(DocumentExchange.DocumentExchangeClient documents, Action<long> moved)
    {
        var upload = await documents.BeginUploadAsync(announced, session.CallOptions());
        moved(upload.Received);
        if (upload.Document.Length == 0 && upload.Received < upload.Size)
            await Send(documents, upload, moved);
        // Reads it all to verify it, which takes as long as it is large.
        return await documents.CompleteUploadAsync(new() { Name = upload.Name }, session.LongCallOptions());
    }

    async Task Send(DocumentExchange.DocumentExchangeClient documents, Upload upload, Action<long> moved)
    {
        using var call = documents.UploadPieces(session.LongCallOptions());
        await using var file = DocumentFile.Read(path);
        file.Position = upload.Received;
        var piece = new byte[PieceSize];
        try
        {
            while (await DocumentFile.Next(file, piece, session.Stop) is > 0 and var read)
            {
                var offset = file.Position - read;
                await call.RequestStream.WriteAsync(new()
                {
                    Upload = upload.Name,
                    Offset = offset,
                    // Written out before the buffer is used again.
                    Data = UnsafeByteOperations.UnsafeWrap(piece.AsMemory(0, read)),
                    Sha256 = ByteString.CopyFrom(SHA256.HashData(piece.AsSpan(0, read))),
                }, session.Stop);
                moved(offset + read);
                lastSign = session.Time.GetTimestamp();
            }
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception echo) when (echo is RpcException or IOException or InvalidOperationException
            && !session.Stop.IsCancellationRequested)
        {
            // What ended the stream is what the call itself answers.
        }
        await call.ResponseAsync;
    }

    static string IdOf(BeginUploadRequest document, string caller)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(caller + "\n"));
        hash.AppendData(document.ToByteArray());
        // Version 5, made from a name: the services keep version 8 for themselves.
        return CommandIdentity.UuidFrom(hash.GetHashAndReset(), version: 5).ToString();
    }
}
