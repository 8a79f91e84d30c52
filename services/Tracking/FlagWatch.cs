namespace Exchange.Tracking;

/// <summary>Raises flags when time alone has made a request overdue. Any number of replicas may run it.</summary>
sealed partial class FlagWatch(FactsStore store, TimeProvider time, ILogger<FlagWatch> log) : BackgroundService
{
    const int AtOnce = 256;
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                while (await store.RaiseFlags(AtOnce, stoppingToken) == AtOnce)
                    stoppingToken.ThrowIfCancellationRequested();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Late(e); // The rows still say what is due; the next round raises it at the same instant.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(3001, LogLevel.Error, "Flags could not be raised and will be in the next round")]
    partial void Late(Exception e);
}
