using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Exchange.Platform;

/// <summary>
/// Counts messages that were set aside because nothing showed who said them: <c>exchange.messages.refused</c>, by type and reason.
/// </summary>
public sealed class RefusedMessages : IDisposable
{
    readonly ConcurrentDictionary<(string, string), bool> told = [];
    readonly Meter meter = new("Exchange.Messages");
    readonly Counter<long> refused;

    /// <summary>Begins at none.</summary>
    public RefusedMessages() => refused = meter.CreateCounter<long>("exchange.messages.refused", "{message}",
        "Messages set aside unread: no valid signature of the service that owns them");

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();

    /// <summary>Counts one.</summary>
    /// <returns>Whether it is the first of its kind in this process: then an operator is told, and a flood fills no log.</returns>
    internal bool Count(string type, string reason)
    {
        refused.Add(1, new("exchange.type", type), new("exchange.reason", reason));
        return told.TryAdd((type, reason), true);
    }
}
