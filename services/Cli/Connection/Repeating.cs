namespace Exchange.Cli;

/// <summary>
/// Sends a command again when its answer was lost. The command carries its own id, so a second time has no second effect;
/// whoever gave up after the first would not know whether it had been carried out.
/// </summary>
static class Repeating
{
    static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    public static async Task<T> Send<T>(Session session, Func<Task<T>> command)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await command();
            }
            catch (ServiceFailure failure) when (Failures.IsCut(failure.Cause) && attempt < Pauses.Length && !session.Stop.IsCancellationRequested)
            {
                session.Note($"The connection to {failure.Service} was cut; the same command is sent again.");
                await Task.Delay(Pauses[attempt], session.Time, session.Stop);
            }
        }
    }
}
