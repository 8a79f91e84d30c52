namespace Exchange.Cli;

/// <summary>
/// Hears of news until Ctrl-C. A stream that ends by itself is called again at once, one that was cut after a pause; both
/// from the last number heard, so that nothing is missed and nothing comes twice.
/// </summary>
static class Watching
{
    // A service that ends hangs up once; one that hangs up again and again does not want us.
    const int MostHangUps = 3;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <param name="hear">Hears from a number on until the stream ends; answers with the last number it heard, and calls for each.</param>
    public static async Task Forever(Session session, long from, Func<long, Action<long>, Task> hear)
    {
        var (heard, pause, hangUps) = (from, FirstPause, 0);
        while (true)
        {
            var before = heard;
            try
            {
                await hear(heard, number => heard = number);
                if (heard == before)
                    await Task.Delay(FirstPause, session.Time, session.Stop);
                pause = FirstPause;
            }
            catch (ServiceFailure failure) when (Failures.IsCut(failure.Cause) && !session.Stop.IsCancellationRequested)
            {
                if (heard != before)
                    (pause, hangUps) = (FirstPause, 0);
                if (Failures.IsHungUp(failure.Cause) && ++hangUps == MostHangUps)
                    throw Failures.NotAccepted(failure.Service, failure.Address);
                session.Note($"The connection to {failure.Service} was cut; listening again in {pause.TotalSeconds:0.#} s.");
                await Task.Delay(pause, session.Time, session.Stop);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }
}
