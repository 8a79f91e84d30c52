namespace Exchange.Tracking;

/// <summary>
/// Wakes every watch of this process when this process has changed flags; changes of other replicas are found by polling.
/// </summary>
sealed class FlagSignal
{
    volatile TaskCompletionSource next = New();

    /// <summary>
    /// Completes with the next change. Take it before reading the log, or a change between reading and waiting is missed.
    /// </summary>
    public Task Next => next.Task;

    /// <summary>To be called after the commit of a change.</summary>
    public void WakeUp() => Interlocked.Exchange(ref next, New()).TrySetResult();

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
