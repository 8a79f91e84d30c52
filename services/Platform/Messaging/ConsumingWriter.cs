using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>Consumes deliveries in batches. The outcome is null for what is durable, and the cause for what was parked.</summary>
sealed partial class ConsumingWriter<T>(
    IBatchConsumer<T> consumer, ParkedMessageStore parked, int largestBatch, Failpoints failpoints, TimeProvider time, ILogger log)
    : BatchingWriter<Delivery<T>, Exception?>(
        new(largestBatch, MostWaiting, Weight: largestBatch), new(TimeSpan.FromMilliseconds(500), GiveUpAfter: null), time, log)
    where T : class
{
    /// <summary>More than the broker, a followed journal and operators bring at a time by any setting.</summary>
    const int MostWaiting = 65_536;

    static readonly ActivitySource Source = SemanticConventions.Source("Exchange.Intake");
    static readonly TimeSpan TimeToClear = TimeSpan.FromSeconds(3);

    readonly ILogger log = log;
    readonly int largestBatch = largestBatch;

    // One that a process may have died of fills a batch by itself.
    protected override long WeightOf(Delivery<T> item) => item.DeadlyAfter is null ? 1 : largestBatch + 1;

    protected override async Task<IReadOnlyList<Exception?>> Write(IReadOnlyList<Delivery<T>> batch, bool again, CancellationToken stop)
    {
        var spans = SpansOf(batch);
        Activity.Current = spans[0];
        try
        {
            failpoints.BeforeConsuming(batch);
            await consumer.Consume([.. batch.Select(d => d.Message)], stop);
            failpoints.Reach(Failpoints.BatchConsumed);
            return new Exception?[batch.Count];
        }
        finally
        {
            foreach (var span in spans)
                span?.Dispose();
            Activity.Current = null;
        }
    }

    protected override async Task<Exception?> Settle(Delivery<T> item, Exception cause, CancellationToken stop)
    {
        await Retry(async _ =>
        {
            await parked.Park(item.Id, typeof(T).Name, item.Body, cause, stop);
            return true;
        }, stop);
        Parked(cause, item.Id, typeof(T).Name);
        return cause;
    }

    /// <summary>
    /// One that a process may have died of gets a mark that outlives this process: who finds it knows of what the last one died.
    /// </summary>
    protected override async Task Handle(IReadOnlyList<Pending> batch, CancellationToken stop)
    {
        if (batch is not [{ Item.DeadlyAfter: { } deadlyAfter } doubtful])
        {
            await base.Handle(batch, stop);
            return;
        }
        var alone = new Pending(doubtful.Item);
        var deaths = await Retry(_ => parked.BeginTrial(doubtful.Item.Id, stop), stop);
        try
        {
            if (deaths >= deadlyAfter)
                await Fail(alone, new KilledTheProcessException(deaths), stop);
            else
                await base.Handle([alone], stop);
        }
        finally
        {
            // Also when told to stop, or an orderly end would count as a death.
            using var clearing = new CancellationTokenSource();
            await using var told = stop.Register(() => clearing.CancelAfter(TimeToClear));
            await Retry(async _ =>
            {
                await parked.EndTrial(doubtful.Item.Id, clearing.Token);
                return true;
            }, clearing.Token);
        }
        // Told only now: a mark that is still there when the message comes again would accuse it of a death.
        doubtful.TrySetFromTask(alone.Task);
    }

    /// <summary>A span in each message's trace. The shared transaction runs under the first, which the others link to.</summary>
    Activity?[] SpansOf(IReadOnlyList<Delivery<T>> batch)
    {
        var spans = new Activity?[batch.Count];
        for (var i = 0; i < spans.Length; i++)
        {
            // Or a message without a trace would fall into its neighbour's.
            Activity.Current = null;
            spans[i] = Source.StartActivity(
                $"take {typeof(T).Name}", ActivityKind.Internal, batch[i].Trace,
                links: spans[0] is { } first ? [new(first.Context)] : null);
            if (spans[i] is { } span)
                consumer.Describe(batch[i].Message, span);
        }

        return spans;
    }

    [LoggerMessage(1051, LogLevel.Error, "Message {Id} of type {Type} could not be consumed and was parked")]
    partial void Parked(Exception e, Guid id, string type);
}
