using System.Threading.Channels;

namespace Exchange.Platform;

/// <summary>
/// Hands committed messages to the dispatcher in memory. What does not fit is dropped without loss: its row is there and
/// the sweep finds it once its lease has run out.
/// </summary>
public sealed class OutboxQueue
{
    readonly Channel<OutboxMessage> channel = Channel.CreateBounded<OutboxMessage>(
        new BoundedChannelOptions(8_192) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    internal ChannelReader<OutboxMessage> Reader => channel.Reader;

    /// <summary>These are committed.</summary>
    public void Hand(IEnumerable<OutboxMessage> messages)
    {
        foreach (var message in messages)
            channel.Writer.TryWrite(message);
    }
}
