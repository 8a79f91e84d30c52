using Exchange.Client;

namespace Exchange.Cli;

/// <summary>
/// Hears of news until Ctrl-C. A stream that ends by itself is called again at once, one that was cut after a pause; both
/// from the last number heard, so that nothing is missed and nothing comes twice.
/// </summary>
static class WatchLoop
{
    // A service that ends hangs up once; one that hangs up again and again does not want us.
    const int MostHangUps = 3;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <param name="hear">Hears from a number on until the stream ends; answers with the last number it heard, and calls for each.</param>
    public static async Task Run(Session session, long from, Func<long, Action<long>, Task> hear)
    {
        var (heard, hangUps, backoff) = (from, 0, new Backoff(FirstPause, LongestPause));
        while (true)
        {
            var before = heard;
            try
            {
                await hear(heard, number => heard = number);
                if (heard == before)
                    await Task.Delay(FirstPause, session.Time, session.Stop);
                backoff.Reset();
            }
            catch (ServiceCallException failure) when (failure.Cause.IsConnectionBroken && !session.Stop.IsCancellationRequested)
            {
                if (heard != before)
                {
                    backoff.Reset();
                    hangUps = 0;
                }
                if (failure.Cause.IsClosedBeforeFirstAnswer && ++hangUps == MostHangUps)
                    throw ErrorReport.NotAccepted(failure.Service, failure.Address);
                session.Note($"The connection to {failure.Service} was cut; listening again in {backoff.Pause.TotalSeconds:0.#} s.");
                await backoff.Wait(session.Time, session.Stop);
            }
        }
    }
}
