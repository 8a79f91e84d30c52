using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Exchange.Platform;

/// <summary>How messages are written as JSON.</summary>
sealed record MessageJson(JsonSerializerOptions Options);

/// <summary>The way back into the intake for messages that the bus does not bring: dead letters, and parked ones.</summary>
abstract class Reentry(string endpoint, string type)
{
    /// <summary>The endpoint whose messages these are, without the installation's prefix.</summary>
    public string Endpoint { get; } = endpoint;

    /// <summary>Short name of the contract, as it stands in <c>parked</c>.</summary>
    public string Type { get; } = type;

    /// <summary>Takes the message in, alone.</summary>
    /// <param name="body">As it came from the broker, or its place in a journal.</param>
    /// <param name="deadlyAfter">So many processes may have died of it before it is parked untried; null tries it in any case.</param>
    /// <returns>Null when it is durable, the cause when it was parked.</returns>
    /// <exception cref="JsonException">It is no message at all.</exception>
    public abstract Task<Exception?> TakeIn(Guid id, ReadOnlyMemory<byte> body, int? deadlyAfter, CancellationToken ct);
}

/// <inheritdoc />
sealed class Reentry<T>(string endpoint, Intake<T> intake, MessageJson json, IFollowed<T>? journal) : Reentry(endpoint, typeof(T).Name)
    where T : class
{
    public override async Task<Exception?> TakeIn(Guid id, ReadOnlyMemory<byte> body, int? deadlyAfter, CancellationToken ct) =>
        await Read(body, ct) is { } message
            ? (await intake.TakeIn([new(message, id, body, Activity.Current?.Context ?? default) { DeadlyAfter = deadlyAfter }], ct))[0]
            : null;

    /// <summary>The message itself; null where the journal says that there is nothing for this service at that place.</summary>
    async Task<T?> Read(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        if (journal is null || PlaceIn(journal.Name, body) is not { } sealedNo)
            return FromEnvelope(body);
        await foreach (var (_, _, message, _) in journal.Read(sealedNo, sealedNo, ct))
            return message;
        throw new InvalidOperationException($"The journal of {journal.Name} has no number {sealedNo}.");
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
