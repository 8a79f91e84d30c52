using System.Security.Cryptography;
using Exchange.Client;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Cli;

/// <summary>
/// Fetches a document into FILE.part, from as far as that goes already, and gives it its name once its hash agrees with what
/// was announced: a file of that name is whole and is the document.
/// </summary>
sealed class DocumentDownload(Session session, Document document, ReadDocumentRequest question, string part)
{
    const int MostTries = 6;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(16);

    public static async Task Run(Session session, Document document, string path, ReadDocumentRequest question)
    {
        var part = path + ".part";
        var download = new DocumentDownload(session, document, question, part);
        await FileProgress.Around(session, document.Title, document.Size, async moved =>
        {
            await download.Fetch(moved);
            return true;
        });
        await download.Verify();
        File.Move(part, path);
    }

    async Task Fetch(Action<long> moved)
    {
        var backoff = new Backoff(FirstPause, LongestPause);
        var tries = 1;
        while (true)
        {
            var before = Reached();
            try
            {
                if (before != document.Size)
                    await session.Services.Documents.Call(documents => Try(documents, moved));
                return;
            }
            catch (ServiceCallException failure) when (failure.Cause.IsConnectionBroken && !session.Stop.IsCancellationRequested)
            {
                if (Reached() > before)
                {
                    tries = 0;
                    backoff.Reset();
                }
                if (++tries > MostTries)
                    throw;
                var pause = backoff.Pause.TotalSeconds;
                session.Note($"The connection to {failure.Service} was cut; going on in {pause:0.#} s from where it was.");
                await backoff.Wait(session.Time, session.Stop);
            }
        }
    }

    async Task<long> Try(DocumentExchange.DocumentExchangeClient documents, Action<long> moved)
    {
        await using var file = DocumentFile.Write(part);
        // What lies there and is too long is something else.
        if (file.Length > document.Size)
            file.SetLength(0);
        file.Position = question.Offset = file.Length;
        using var call = documents.ReadDocument(question, session.LongCallOptions());
        while (await call.ResponseStream.MoveNext(session.Stop))
        {
            await DocumentFile.Append(file, call.ResponseStream.Current.Data.Memory, session.Stop);
            moved(file.Position);
        }
        return file.Position == document.Size
            ? file.Position
            : throw new RpcException(new(StatusCode.Unavailable, "The document ended before its end."));
    }

    async Task Verify()
    {
        byte[] hash;
        await using (var file = DocumentFile.Read(part))
            hash = await SHA256.HashDataAsync(file, session.Stop);
        if (document.Sha256.Span.SequenceEqual(hash))
            return;
        File.Delete(part);
        throw new CommandException(ExitCode.Failed,
            $"What came is not {document.Title}: its hash is {Convert.ToHexStringLower(hash)}, and not "
            + $"{Convert.ToHexStringLower(document.Sha256.Span)}. It was thrown away.",
            "Fetch it again; if it is so again, tell the operator: exchange document custody shows what was received.");
    }

    long Reached() => new FileInfo(part) is { Exists: true } there ? there.Length : 0;
}
