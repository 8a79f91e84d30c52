using System.Text;
using System.Threading.Channels;
using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Requests.Tests;

/// <summary>A client's stream, as far as it has been sent.</summary>
sealed class RegisterStream : IAsyncStreamReader<ImportRegisterRequest>
{
    readonly Channel<ImportRegisterRequest> messages = System.Threading.Channels.Channel.CreateUnbounded<ImportRegisterRequest>();

    public ImportRegisterRequest Current { get; private set; } = new();

    public static RegisterStream Of(string observedUntil, string[] requests, string[]? subjects)
    {
        var stream = new RegisterStream().Header(observedUntil).File(RegisterFile.Requests, RegisterText.RequestsHeader, requests);
        if (subjects is not null)
            stream.File(RegisterFile.Subjects, RegisterText.SubjectsHeader, subjects);
        return stream.End();
    }

    public RegisterStream Header(string observedUntil) =>
        Send(new() { Header = new() { CommandId = Guid.CreateVersion7().ToString(), ObservedUntil = observedUntil } });

    public RegisterStream File(RegisterFile file, string header, params string[] rows)
    {
        foreach (var piece in Encoding.UTF8.GetBytes(string.Join("\r\n", [header, .. rows])).Chunk(1_000))
            Chunk(file, piece);
        return this;
    }

    public RegisterStream Chunk(RegisterFile file, byte[] data) =>
        Send(new() { Chunk = new() { File = file, Data = ByteString.CopyFrom(data) } });

    public RegisterStream Send(ImportRegisterRequest message)
    {
        messages.Writer.TryWrite(message);
        return this;
    }

    /// <summary>The client has sent all, or with an exception is gone.</summary>
    public RegisterStream End(Exception? broken = null)
    {
        messages.Writer.Complete(broken);
        return this;
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await messages.Reader.WaitToReadAsync(cancellationToken))
            return false;
        Current = await messages.Reader.ReadAsync(cancellationToken);
        return true;
    }
}
