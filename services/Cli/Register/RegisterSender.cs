using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Cli;

/// <summary>The sending half of an import, running beside the receiving one.</summary>
sealed class RegisterSender : IDisposable
{
    readonly CancellationTokenSource stop;
    readonly Task work;

    /// <param name="hangUp">Ends the call: a file that cannot be read would otherwise leave the service waiting for the rest.</param>
    public RegisterSender(
        RegisterFiles files, RegisterHeader header, IClientStreamWriter<ImportRegisterRequest> stream, Action hangUp,
        CancellationToken stop)
    {
        this.stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        work = Send(files, header, stream, hangUp);
    }

    /// <summary>Waits until sending has ended; to be called when the call is over.</summary>
    /// <exception cref="CommandException">It was a file here that ended the call.</exception>
    public async Task End()
    {
        await stop.CancelAsync();
        try
        {
            await work;
        }
        catch (Exception echo) when (echo is RpcException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // What cut the sender short is what the receiver reports.
        }
    }

    public void Dispose() => stop.Dispose();

    async Task Send(RegisterFiles files, RegisterHeader header, IClientStreamWriter<ImportRegisterRequest> stream, Action hangUp)
    {
        try
        {
            await files.Send(stream, header, stop.Token);
        }
        catch (CommandException)
        {
            hangUp();
            throw;
        }
    }
}
