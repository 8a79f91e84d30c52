namespace Exchange.Platform;

/// <summary>
/// The one uniform write: append this entry to aggregate X as version N; here is its new state, here is the event, here
/// is the command's id. A pure rule decided it; the ledger makes it durable, all of it or nothing.
/// </summary>
/// <param name="AggregateId">The aggregate.</param>
/// <param name="Version">One more than the version the rule decided upon.</param>
/// <param name="CommandId">The client's id; the same id never has a second effect.</param>
/// <param name="CommandDigest">Keyed digest of the command's content; the same id with another digest is refused.</param>
/// <param name="Entry">Canonical bytes of the journal entry.</param>
/// <param name="RecordedAt">When, by our clock.</param>
/// <param name="State">The aggregate's row in one of the state tables; null when it keeps none.</param>
/// <param name="Event">The message to publish; null when nobody need know.</param>
public sealed record Append(
    Guid AggregateId, int Version, Guid CommandId, byte[] CommandDigest, byte[] Entry, DateTimeOffset RecordedAt,
    StateRow? State, object? Event);

/// <summary>What became of an <see cref="Append"/>.</summary>
public enum AppendOutcome
{
    /// <summary>Durable.</summary>
    Appended,

    /// <summary>The same command was durable already; its first effect stands.</summary>
    Repeated,

    /// <summary>The command id belongs to a command with other content; nothing was written.</summary>
    CommandReused,

    /// <summary>Somebody else wrote this version, or took a unique key; read again and decide again.</summary>
    Conflict,
}
