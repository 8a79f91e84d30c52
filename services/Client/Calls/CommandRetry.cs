namespace Exchange.Client;

/// <summary>
/// Sends a command again when the connection broke before its answer came. The command carries its own id, so a second time has no
/// second effect; whoever gave up after the first would not know whether it had been carried out.
/// </summary>
public static class CommandRetry
{
    const int MostTries = 3;

    /// <summary>Sends it at most three times.</summary>
    /// <param name="command">The same command with the same id at every call.</param>
    /// <param name="cut">Hears of every cut after which the command is sent again.</param>
    /// <exception cref="ServiceCallException">The service refused it, or every connection was cut.</exception>
    public static async Task<T> Send<T>(
        Func<Task<T>> command, Action<ServiceCallException> cut, TimeProvider time, CancellationToken stop)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1));
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await command();
            }
            catch (ServiceCallException failure) when (failure.Cause.IsConnectionBroken && tries < MostTries
                && !stop.IsCancellationRequested)
            {
                cut(failure);
                await backoff.Wait(time, stop);
            }
        }
    }
}
