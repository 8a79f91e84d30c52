using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Exchange.Platform;

/// <summary>How messages are written as JSON.</summary>
sealed record MessageJson(JsonSerializerOptions Options);

/// <summary>Delivers messages of one type again that the bus does not bring: dead letters, and parked ones.</summary>
abstract class MessageReplay(string endpoint, string type)
{
    /// <summary>The endpoint whose messages these are, without the installation's prefix.</summary>
    public string Endpoint { get; } = endpoint;

    /// <summary>Short name of the contract, as it stands in <c>parked</c>.</summary>
    public string Type { get; } = type;

    /// <summary>Delivers the message, alone.</summary>
    /// <param name="body">As it came from the broker, or its place in a journal.</param>
    /// <param name="deadlyAfter">
    /// So many processes may have died of it before it is parked unconsumed; null consumes it in any case.
    /// </param>
    /// <returns>Null when it is durable, the cause when it was parked.</returns>
    /// <exception cref="JsonException">It is no message at all.</exception>
    public abstract Task<Exception?> Replay(Guid id, ReadOnlyMemory<byte> body, int? deadlyAfter, CancellationToken ct);
}

/// <inheritdoc />
sealed class MessageReplay<T>(string endpoint, MessageBatcher<T> batcher, MessageJson json, IFollowedJournal<T>? journal)
    : MessageReplay(endpoint, typeof(T).Name)
    where T : class
{
    public override async Task<Exception?> Replay(Guid id, ReadOnlyMemory<byte> body, int? deadlyAfter, CancellationToken ct) =>
        await Read(body, ct) is { } message
            ? (await batcher.Deliver([new(message, id, body, Activity.Current?.Context ?? default) { DeadlyAfter = deadlyAfter }], ct))[0]
            : null;

    /// <summary>The message itself; null where the journal says that there is nothing for this service at that place.</summary>
    async Task<T?> Read(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        if (journal is null || PlaceIn(journal.Name, body) is not { } sealedNo)
            return FromEnvelope(body);
        return (await JournalReader<T>.ReadOne(journal, sealedNo, ct)).Message;
    }

    static long? PlaceIn(string source, ReadOnlyMemory<byte> body) =>
        Encoding.UTF8.GetString(body.Span).Split(' ') is [var name, var number] && name == source
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sealedNo) ? sealedNo : null;

    // MassTransit wraps a message in an envelope.
    T FromEnvelope(ReadOnlyMemory<byte> body)
    {
        using var envelope = JsonDocument.Parse(body);
        return envelope.RootElement.ValueKind is JsonValueKind.Object && envelope.RootElement.TryGetProperty("message", out var message)
            ? message.Deserialize<T>(json.Options) ?? throw new JsonException("The message is empty.")
            : throw new JsonException("There is no message in it.");
    }
}
