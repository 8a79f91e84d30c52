using System.Diagnostics;
using System.Text.Json;

namespace Exchange.Platform;

/// <summary>A message on its way out: what the outbox row holds, and the message itself while it is still in memory.</summary>
/// <param name="Id">Row and message id.</param>
/// <param name="Type">Short name of the contract.</param>
/// <param name="Body">The message as JSON, UTF-8.</param>
/// <param name="TraceParent">W3C context of the call that caused it.</param>
/// <param name="Content">The message; null when it is only in its row.</param>
public sealed record OutboxMessage(Guid Id, string Type, byte[] Body, string? TraceParent, object? Content)
{
    /// <summary>What shows that this service said it; null until its group is signed.</summary>
    public MessageProof? Proof { get; init; }
}

/// <summary>The messages a service may publish, and how they become rows and back. Names on the wire never change.</summary>
public sealed class OutboxMessages(JsonSerializerOptions json, params IReadOnlyList<Type> types)
{
    readonly Dictionary<string, Type> byName = types.ToDictionary(type => type.Name);

    /// <summary>A row for the message, under the trace of the present call.</summary>
    public OutboxMessage Compose(object content) => byName.ContainsKey(content.GetType().Name)
        ? new(Guid.CreateVersion7(), content.GetType().Name, JsonSerializer.SerializeToUtf8Bytes(content, content.GetType(), json),
            Activity.Current?.Id, content)
        : throw new ArgumentException($"{content.GetType()} is not registered as a message of this service.", nameof(content));

    /// <summary>The message of a stored row.</summary>
    /// <exception cref="InvalidOperationException">A newer version wrote it.</exception>
    /// <exception cref="JsonException">The contract has changed in a way it must not.</exception>
    public object Restore(string type, byte[] body) => byName.TryGetValue(type, out var known)
        ? JsonSerializer.Deserialize(body, known, json)!
        : throw new InvalidOperationException($"The outbox holds a message of the unknown type {type}; is an older version running?");
}
