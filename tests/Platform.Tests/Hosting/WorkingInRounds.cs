using Exchange.Testing;

namespace Exchange.Platform.Tests;

/// <summary>A worker goes on whatever a round throws, and holds nothing over from one that did.</summary>
public sealed class WorkingInRounds
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_round_that_throws_is_logged_releases_what_was_held_and_is_followed_by_another()
    {
        using var worker = new Worker(round => round == 2 ? throw new InvalidOperationException("cannot be") : round < 4 ? TimeSpan.Zero
            : Long);

        await worker.StartAsync(CancellationToken.None);
        await Eventually.Holds(() => worker.Rounds.ShouldBe(4));

        worker.Failures.ShouldHaveSingleItem().Message.ShouldBe("cannot be");
        worker.Released.ShouldBe(1);
        await worker.StopAsync(CancellationToken.None);
        worker.Released.ShouldBe(2);
    }

    [Fact]
    public async Task A_call_ends_the_pause_also_one_that_came_while_the_round_ran()
    {
        var signal = new Signal(TimeProvider.System);
        using var worker = new Worker(round =>
        {
            if (round == 1)
                signal.WakeUp();
            return Long;
        }, signal);

        await worker.StartAsync(CancellationToken.None);
        await Eventually.Holds(() => worker.Rounds.ShouldBe(2));
        signal.WakeUp();

        await Eventually.Holds(() => worker.Rounds.ShouldBe(3));
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_release_that_fails_is_logged_too_and_ends_nothing()
    {
        using var worker = new Worker(round => round == 1 ? throw new InvalidOperationException("first") : Long) { ReleaseFails = true };

        await worker.StartAsync(CancellationToken.None);
        await Eventually.Holds(() => worker.Rounds.ShouldBe(2));

        worker.Failures.Select(e => e.Message).ShouldBe(["first", "release"]);
        worker.ReleaseFails = false;
        await worker.StopAsync(CancellationToken.None);
    }

    sealed class Worker(Func<int, TimeSpan> round, Signal? wakeUp = null)
        : PeriodicWorker(TimeProvider.System, TimeSpan.FromMilliseconds(1), wakeUp)
    {
        int rounds;

        public int Rounds => Volatile.Read(ref rounds);

        public List<Exception> Failures { get; } = [];

        public int Released { get; private set; }

        public bool ReleaseFails { get; set; }

        protected override Task<TimeSpan> RunOnce(CancellationToken stop) => Task.FromResult(round(Interlocked.Increment(ref rounds)));

        protected override void Failed(Exception e) => Failures.Add(e);

        protected override ValueTask Release()
        {
            Released++;
            return ReleaseFails ? throw new InvalidOperationException("release") : ValueTask.CompletedTask;
        }
    }
}
