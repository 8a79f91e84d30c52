using System.Threading.Channels;

namespace Exchange.Platform;

/// <summary>
/// Hands committed messages to the dispatcher in memory. What does not fit is dropped without loss: its row is there and
/// the sweep finds it once its lease has run out.
/// </summary>
public sealed class OutboxQueue(TimeProvider time)
{
    const int Length = 8_192;

    readonly Channel<(OutboxMessage, DateTimeOffset)> channel = Channel.CreateBounded<(OutboxMessage, DateTimeOffset)>(
        new BoundedChannelOptions(Length) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    internal ChannelReader<(OutboxMessage Message, DateTimeOffset LeasedUntil)> Reader => channel.Reader;

    /// <summary>Wakes the dispatcher when messages were enqueued.</summary>
    internal Signal Filled { get; } = new(time);

    /// <summary>Enqueues committed messages, whose rows no other process touches until the lease has run out.</summary>
    public void Enqueue(IEnumerable<OutboxMessage> messages, DateTimeOffset leasedUntil)
    {
        foreach (var message in messages)
            channel.Writer.TryWrite((message, leasedUntil));
        Filled.WakeUp();
    }
}
