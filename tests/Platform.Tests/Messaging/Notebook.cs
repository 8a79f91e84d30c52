using System.Collections.Concurrent;

namespace Exchange.Platform.Tests;

/// <summary>A consumer that writes down what it consumed; one for each host.</summary>
public sealed class Notebook : IBatchConsumer<ItemChanged>
{
    readonly ConcurrentQueue<ItemChanged> consumed = new();

    public IReadOnlyCollection<ItemChanged> Consumed => consumed;

    /// <summary>Set while it can consume nothing.</summary>
    public Exception? Fault { get; set; }

    public Task Consume(IReadOnlyList<ItemChanged> batch, CancellationToken ct)
    {
        if (Fault is { } fault)
            throw fault;
        foreach (var item in batch)
            consumed.Enqueue(item);
        return Task.CompletedTask;
    }
}
