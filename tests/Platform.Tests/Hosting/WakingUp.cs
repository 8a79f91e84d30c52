namespace Exchange.Platform.Tests;

public sealed class WakingUp
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    readonly Signal signal = new(TimeProvider.System);

    [Fact]
    public async Task A_call_wakes_all_who_wait()
    {
        var waiting = Enumerable.Range(0, 3).Select(_ => signal.Wait(signal.Next, Long, CancellationToken.None)).ToArray();
        waiting.ShouldAllBe(one => !one.IsCompleted);

        signal.WakeUp();

        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task What_comes_between_look_and_waiting_is_not_slept_through()
    {
        var next = signal.Next;

        signal.WakeUp();
        signal.WakeUp();

        await signal.Wait(next, Long, CancellationToken.None);
        signal.Wait(signal.Next, Long, CancellationToken.None).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_a_call_waiting_ends_by_itself_or_when_told_to()
    {
        await signal.Wait(signal.Next, TimeSpan.FromMilliseconds(10), CancellationToken.None);

        await Should.ThrowAsync<OperationCanceledException>(() => signal.Wait(signal.Next, Long, new(canceled: true)));
    }
}
