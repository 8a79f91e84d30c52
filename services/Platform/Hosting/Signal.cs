namespace Exchange.Platform;

/// <summary>
/// Wakes whoever waits at once rather than at his next look: one worker, or any number of streams. Several calls while a waiter
/// is at work count as one. A waiter takes <see cref="Next"/> before he looks and waits for it when he has found nothing, so that
/// what comes between his look and his waiting still wakes him.
/// </summary>
public class Signal(TimeProvider time)
{
    volatile TaskCompletionSource next = New();

    /// <summary>Completes with the next call of <see cref="WakeUp"/>.</summary>
    public Task Next => next.Task;

    /// <summary>There is something to do, and it is committed.</summary>
    public void WakeUp() => Interlocked.Exchange(ref next, New()).TrySetResult();

    /// <summary>Waits for a call, but not longer than told: another process may have something to do and cannot call this one.</summary>
    /// <param name="next">As <see cref="Next"/> gave it before the look.</param>
    /// <param name="atMost">More than zero.</param>
    public async Task Wait(Task next, TimeSpan atMost, CancellationToken stop)
    {
        try
        {
            await next.WaitAsync(atMost, time, stop);
        }
        catch (TimeoutException)
        {
        }
    }

    // A waiter must not run on the thread of whoever wakes him.
    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
