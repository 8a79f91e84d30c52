using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>How much a <see cref="BatchingWriter{TItem,TOutcome}"/> takes on, and what it puts together.</summary>
/// <param name="Items">Items of a batch, at most.</param>
/// <param name="Waiting">Items that wait in each lane, at most; more are not taken on.</param>
/// <param name="Weight">Weight of a batch, at most, in the writer's own unit; an item that is heavier goes alone.</param>
/// <param name="Lanes">Loops that write beside each other. Items of one key always go through the same one, in their order.</param>
public sealed record BatchLimits(int Items, int Waiting, long Weight = long.MaxValue, int Lanes = 1);

/// <summary>
/// Lets concurrent callers share a transaction. A loop takes the items that are there, writes them together and tells each caller
/// his own outcome; it never waits for company, so that a single caller is as fast as he would be alone, and a batch is as large as
/// what came while the one before was written. A batch that fails is written again while the failure may pass, and in halves when it
/// does not, so that a bad item fails alone. Nothing is written before <see cref="Run"/>.
/// </summary>
public abstract partial class BatchingWriter<TItem, TOutcome>
    where TItem : class
{
    readonly Channel<Pending>[] lanes;
    readonly BatchLimits limits;
    readonly RetryLimit retries;
    readonly ILogger log;
    volatile bool complete;

    /// <param name="retries">How long a batch is tried again whose failure may pass.</param>
    protected BatchingWriter(BatchLimits limits, RetryLimit retries, TimeProvider time, ILogger log)
    {
        (this.limits, this.retries, Time, this.log) = (limits, retries, time, log);
        lanes = [.. Enumerable.Range(0, limits.Lanes).Select(_ =>
            Channel.CreateBounded<Pending>(new BoundedChannelOptions(limits.Waiting) { SingleReader = true }))];
    }

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; }

    /// <summary>Whether <see cref="Complete"/> was called, so that no more is taken on.</summary>
    public bool IsComplete => complete;

    /// <summary>Takes the item on.</summary>
    /// <returns>
    /// Completes with its outcome, or fails as the item alone does. Null when too many wait already, or after
    /// <see cref="Complete"/>.
    /// </returns>
    public Task<TOutcome>? TryWrite(TItem item)
    {
        var pending = new Pending(item);
        return lanes[(uint)(KeyOf(item)?.GetHashCode() ?? 0) % lanes.Length].Writer.TryWrite(pending) ? pending.Task : null;
    }

    /// <summary>Takes no more on; <see cref="Run"/> ends when what was taken on is written.</summary>
    public void Complete()
    {
        complete = true;
        foreach (var lane in lanes)
            lane.Writer.TryComplete();
    }

    /// <summary>
    /// Writes until <see cref="Complete"/>, or until told to stop; then callers that are still waiting hear nothing more.
    /// </summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(lanes.Select(lane => WriteAll(lane.Reader, stop)));

    /// <summary>Writes the batch, all of it or nothing.</summary>
    /// <param name="again">The same batch was tried before, and whether that try was durable is not known.</param>
    /// <returns>The outcomes, in the order of the items.</returns>
    protected abstract Task<IReadOnlyList<TOutcome>> Write(IReadOnlyList<TItem> batch, bool again, CancellationToken stop);

    /// <summary>
    /// What becomes of an item that failed alone, in a way that does not pass: its caller hears of it, unless overridden.
    /// </summary>
    protected virtual Task<TOutcome> Settle(TItem item, Exception cause, CancellationToken stop) => Task.FromException<TOutcome>(cause);

    /// <summary>Of items of one key at most one is in a batch, for the second must see the first; null where an item has none.</summary>
    protected virtual Guid? KeyOf(TItem item) => null;

    /// <summary>What the item adds to the weight of its batch.</summary>
    protected virtual long WeightOf(TItem item) => 0;

    /// <summary>Writes a batch as it was put together, and completes every item of it.</summary>
    protected virtual async Task Handle(IReadOnlyList<Pending> batch, CancellationToken stop)
    {
        try
        {
            var items = batch.Select(pending => pending.Item).ToArray();
            var outcomes = await Retry(again => Write(items, again, stop), stop);
            for (var i = 0; i < batch.Count; i++)
                batch[i].TrySetResult(outcomes[i]);
        }
        catch (Exception e) when (!stop.IsCancellationRequested && batch.Count > 1 && !Transient.IsTransient(e))
        {
            Split(e, batch.Count);
            await Handle([.. batch.Take(batch.Count / 2)], stop);
            await Handle([.. batch.Skip(batch.Count / 2)], stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            foreach (var pending in batch)
                await Fail(pending, e, stop);
        }
    }

    /// <summary>Does something else that an item needs, again while the failure may pass, within the same limit.</summary>
    protected Task<T> Retry<T>(Func<bool, Task<T>> work, CancellationToken stop) => Transient.Retry(work, retries, Unavailable, Time, stop);

    /// <summary>Completes an item that failed alone.</summary>
    protected async Task Fail(Pending pending, Exception cause, CancellationToken stop)
    {
        if (Transient.IsTransient(cause))
        {
            pending.TrySetException(cause);
            return;
        }
        try
        {
            pending.TrySetResult(await Settle(pending.Item, cause, stop));
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            pending.TrySetException(e);
        }
    }

    async Task WriteAll(ChannelReader<Pending> lane, CancellationToken stop)
    {
        List<Pending> batch = [];
        HashSet<Guid> keys = [];
        Pending? held = null;
        while (held is not null || await lane.WaitToReadAsync(stop))
        {
            batch.Clear();
            keys.Clear();
            var weight = 0L;
            while (batch.Count < limits.Items && (held is not null || lane.TryRead(out held))
                && Fits(held!.Item, batch.Count, weight, keys))
            {
                batch.Add(held);
                weight += WeightOf(held.Item);
                held = null;
            }
            await Handle(batch, stop);
        }
    }

    bool Fits(TItem item, int count, long weight, HashSet<Guid> keys) =>
        (count == 0 || weight + WeightOf(item) <= limits.Weight) && (KeyOf(item) is not { } key || keys.Add(key));

    [LoggerMessage(1020, LogLevel.Warning, "A batch of {Count} failed and is written in halves")]
    partial void Split(Exception e, int count);

    [LoggerMessage(1021, LogLevel.Warning, "What a batch needs, such as the database, is unavailable; trying again")]
    partial void Unavailable(Exception e);

    /// <summary>An item on its way, with the caller who waits for its outcome.</summary>
    protected sealed class Pending(TItem item)
        // Completes elsewhere: a loop must not run its callers' code.
        : TaskCompletionSource<TOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        /// <summary>The item.</summary>
        public TItem Item { get; } = item;
    }
}
