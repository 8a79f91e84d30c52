using Microsoft.Extensions.Hosting;

namespace Exchange.Platform;

/// <summary>
/// Work that a process does by itself, round after round until it stops. A round that throws ends nothing: it is logged, what the
/// worker held is released, and the next round comes after a pause.
/// </summary>
/// <param name="pauseAfterFailure">How long after a round that threw the next one begins.</param>
/// <param name="wakeUp">Ends the pause after a round that did not throw; null where nothing does.</param>
public abstract class PeriodicWorker(TimeProvider time, TimeSpan pauseAfterFailure, Signal? wakeUp = null) : BackgroundService
{
    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
                await RunThenPause(stoppingToken);
        }
        finally
        {
            await Release();
        }
    }

    /// <summary>One round.</summary>
    /// <returns>How long to wait before the next one; zero begins it at once.</returns>
    protected abstract Task<TimeSpan> RunOnce(CancellationToken stop);

    /// <summary>A round threw: logs it.</summary>
    protected abstract void Failed(Exception e);

    /// <summary>
    /// Gives back what a worker holds from round to round, such as a lock or a connection; after a round that threw and at the
    /// end.
    /// </summary>
    protected virtual ValueTask Release() => ValueTask.CompletedTask;

    async Task RunThenPause(CancellationToken stop)
    {
        // Taken before the round looks for work: what comes while it runs must not be slept through.
        var woken = wakeUp?.Next;
        TimeSpan pause;
        try
        {
            pause = await RunOnce(stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            (pause, woken) = (pauseAfterFailure, null);
            Failed(e);
            await ReleaseAfterFailure();
        }
        if (pause <= TimeSpan.Zero)
            return;
        await (woken is null ? Task.Delay(pause, Time, stop) : wakeUp!.Wait(woken, pause, stop));
    }

    async Task ReleaseAfterFailure()
    {
        try
        {
            await Release();
        }
        catch (Exception e)
        {
            Failed(e);
        }
    }
}
