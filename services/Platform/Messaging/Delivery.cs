using System.Diagnostics;

namespace Exchange.Platform;

/// <summary>What a service does with messages of one type.</summary>
public interface IBatchConsumer<in T>
    where T : class
{
    /// <summary>Consumes the messages in one transaction. May be called again with the same ones, in any order.</summary>
    Task Consume(IReadOnlyList<T> batch, CancellationToken ct);

    /// <summary>Says on its span which message it is: by opaque ids and codes only, for spans leave the house.</summary>
    void Describe(T message, Activity span)
    {
    }
}

/// <summary>One message of a batch: by broker, or read in the journal of its sender.</summary>
/// <param name="Message">The message.</param>
/// <param name="Id">The same whenever it is delivered again.</param>
/// <param name="Body">What an operator needs to replay it, should it be parked.</param>
/// <param name="Trace">The trace it belongs to.</param>
sealed record Delivery<T>(T Message, Guid Id, ReadOnlyMemory<byte> Body, ActivityContext Trace)
    where T : class
{
    /// <summary>
    /// Set where a process may have died of the message: then it is consumed with nothing beside it, and parked unconsumed once so
    /// many processes died of it. Null for all others.
    /// </summary>
    public int? DeadlyAfter { get; init; }
}
