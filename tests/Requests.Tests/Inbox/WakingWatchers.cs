using Microsoft.Extensions.Time.Testing;

namespace Exchange.Requests.Tests;

public sealed class WakingWatchers
{
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    readonly FakeTimeProvider clock = new(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    readonly InboxNews news;

    public WakingWatchers() => news = new(clock);

    [Fact]
    public async Task Only_news_of_the_own_state_wake_before_the_heartbeat()
    {
        var polish = news.Wait("PL", 0, Heartbeat, default);
        news.MoveTo(5, []);
        news.MoveTo(9, [KeyValuePair.Create("BY", 7L)]);
        (await news.Wait("BY", 6, Heartbeat, default)).ShouldBeTrue();
        polish.IsCompleted.ShouldBeFalse();

        var german = news.Wait("DE", 9, Heartbeat, default);
        news.MoveTo(12, [KeyValuePair.Create("PL", 11L)]);
        (await polish).ShouldBeTrue();
        news.SealedNo.ShouldBe(12);

        clock.Advance(Heartbeat);
        (await german).ShouldBeFalse();
    }

    [Fact]
    public async Task Old_news_are_none_and_a_watcher_that_goes_away_waits_no_longer()
    {
        news.MoveTo(9, [KeyValuePair.Create("BY", 7L)]);
        using var gone = new CancellationTokenSource();
        var waiting = news.Wait("BY", 7, Heartbeat, gone.Token);
        waiting.IsCompleted.ShouldBeFalse();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task No_waking_is_lost_however_watchers_and_news_interleave()
    {
        const int Last = 20_000;
        var watchers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var told = 0L; told < Last; told = news.SealedNo)
                (await news.Wait("BY", told, Heartbeat, default)).ShouldBeTrue();
        }));
        var all = Task.WhenAll(watchers);
        for (var i = 1; i <= Last; i++)
            news.MoveTo(i, [KeyValuePair.Create("BY", (long)i)]);
        await all.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
