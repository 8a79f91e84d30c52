namespace Exchange.Tracking;

/// <summary>Wakes every watch of this process when flags have changed here; what changes in another replica is found by looking.</summary>
sealed class FlagSignal
{
    volatile TaskCompletionSource next = New();

    /// <summary>Take it before looking, or a change between looking and waiting is slept through.</summary>
    public Task Next => next.Task;

    /// <summary>Flags have changed, and it is committed.</summary>
    public void WakeUp() => Interlocked.Exchange(ref next, New()).TrySetResult();

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
