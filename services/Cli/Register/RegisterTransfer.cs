using Exchange.Client;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Cli;

/// <summary>
/// Sends a register until it is in. A cut connection is answered by sending everything again after a pause: rows that
/// are already there change nothing, so repeating is safe, and the report of the last try is the whole truth but for
/// the count of what was added before the cut.
/// </summary>
sealed class RegisterTransfer(Session session, RegisterFiles files, RegisterHeader header, TimeSpan retryFor)
{
    // A service that ends hangs up once; one that hangs up again and again does not want us.
    const int MostHangUps = 3;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    long lastSign;

    public async Task<RegisterReport> Run(IRegisterListener listener)
    {
        var backoff = new Backoff(FirstPause, LongestPause);
        var hangUps = 0;
        lastSign = session.Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var before = lastSign;
            try
            {
                listener.Begin();
                return await session.Services.Requests.Call(requests => Try(requests, listener));
            }
            catch (ServiceCallException failure) when (failure.Cause.IsConnectionBroken && !session.Stop.IsCancellationRequested)
            {
                if (lastSign != before)
                    backoff.Reset();
                hangUps = failure.Cause.IsClosedBeforeFirstAnswer ? hangUps + 1 : 0;
                if (hangUps == MostHangUps)
                    throw ErrorReport.NotAccepted(failure.Service, failure.Address);
                if (session.Time.GetElapsedTime(lastSign) + backoff.Pause > retryFor)
                    throw;
                session.Note(
                    $"The connection to {failure.Service} was cut (try {attempt}); the import is repeated in"
                    + $" {backoff.Pause.TotalSeconds:0.#} s.");
                await backoff.Wait(session.Time, session.Stop);
            }
        }
    }

    async Task<RegisterReport> Try(RequestRegistry.RequestRegistryClient requests, IRegisterListener listener)
    {
        using var call = requests.ImportRegister(session.LongCallOptions());
        using var sending = new RegisterSender(files, header, call.RequestStream, call.Dispose, session.Stop);
        try
        {
            return await Receive(call.ResponseStream, listener)
                ?? throw new RpcException(new(StatusCode.Unavailable, "The stream ended without a report."));
        }
        finally
        {
            await sending.End();
        }
    }

    async Task<RegisterReport?> Receive(IAsyncStreamReader<ImportRegisterResponse> answers, IRegisterListener listener)
    {
        RegisterReport? report = null;
        while (await answers.MoveNext(session.Stop))
        {
            lastSign = session.Time.GetTimestamp();
            var message = answers.Current;
            if (message.Progress is { } progress)
                listener.Progress(progress);
            else if (message.Remark is { } remark)
                listener.Remark(remark);
            else
                report = message.Report ?? report;
        }
        return report;
    }
}

/// <summary>Hears of an import as it goes; begins anew with every try.</summary>
interface IRegisterListener
{
    void Begin();

    void Progress(RegisterProgress progress);

    void Remark(RegisterRemark remark);
}
