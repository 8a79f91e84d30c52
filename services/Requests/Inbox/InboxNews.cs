using System.Collections.Immutable;
using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>
/// How far the inbox reaches, as this process knows, and for whom there was something: one look at the database wakes all
/// who watch, and only for news of their own state.
/// </summary>
sealed class InboxNews(TimeProvider time)
{
    sealed record Reach(long SealedNo, ImmutableDictionary<string, long> Newest);

    // One reference, so that nobody sees a number without the news up to it.
    volatile Reach reach = new(0, ImmutableDictionary<string, long>.Empty);

    readonly Signal moved = new(time);

    /// <summary>Everything up to this number is in the inbox.</summary>
    public long SealedNo => reach.SealedNo;

    /// <summary>
    /// Limits how many watchers read at once: hundreds woken together must leave database connections to officers at work.
    /// </summary>
    public SemaphoreSlim Turns { get; } = new(8);

    /// <summary>The inbox reaches further. One caller at a time.</summary>
    /// <param name="newest">For each state that got something, the number of the last.</param>
    public void MoveTo(long sealedNo, IReadOnlyCollection<KeyValuePair<string, long>> newest)
    {
        reach = new(sealedNo, reach.Newest.SetItems(newest));
        if (newest.Count > 0)
            moved.WakeUp();
    }

    /// <summary>Waits for something after this number, but not longer than told.</summary>
    /// <returns>Whether there is something.</returns>
    public async Task<bool> Wait(string state, long after, TimeSpan atMost, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var next = moved.Next;
            if (reach.Newest.GetValueOrDefault(state) > after)
                return true;
            var left = atMost - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                return false;
            await moved.Wait(next, left, ct);
        }
    }
}
