using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MassTransit;

namespace Exchange.Platform;

/// <summary>Delivers messages of one type again that the bus does not bring: dead letters, and parked ones.</summary>
abstract class MessageReplay(string endpoint, string type)
{
    /// <summary>The endpoint whose messages these are, without the installation's prefix.</summary>
    public string Endpoint { get; } = endpoint;

    /// <summary>Short name of the contract, as it stands in <c>parked</c>.</summary>
    public string Type { get; } = type;

    /// <summary>The owner's exchange, as it is named at the broker.</summary>
    public abstract string ExchangeAt(IBus bus);

    /// <summary>Delivers the message, alone; one that came from the broker only where its owner signed it.</summary>
    /// <param name="id">By which it is parked, should it be read in a journal and fail.</param>
    /// <param name="body">As it came from the broker, or its place in a journal.</param>
    /// <param name="deadlyAfter">
    /// So many processes may have died of it before it is parked unconsumed; null consumes it in any case.
    /// </param>
    /// <returns>Null when it is durable, the cause when it was parked.</returns>
    /// <exception cref="JsonException">It is no message at all.</exception>
    public abstract Task<Exception?> Replay(Guid id, ReadOnlyMemory<byte> body, int? deadlyAfter, CancellationToken ct);
}

/// <inheritdoc />
sealed class MessageReplay<T>(string endpoint, MessageIntake<T> intake, MessageBatcher<T> batcher, IFollowedJournal<T>? journal)
    : MessageReplay(endpoint, typeof(T).Name)
    where T : class
{
    public override async Task<Exception?> Replay(Guid id, ReadOnlyMemory<byte> body, int? deadlyAfter, CancellationToken ct)
    {
        if (journal is null || PlaceIn(journal.Name, body) is not { } sealedNo)
            return await intake.Take(body, deadlyAfter, ct);
        return (await JournalReader<T>.ReadOne(journal, sealedNo, ct)).Message is { } message
            ? (await batcher.Deliver([new(message, id, body, Activity.Current?.Context ?? default) { DeadlyAfter = deadlyAfter }], ct))[0]
            : null;
    }

    public override string ExchangeAt(IBus bus) => bus.Topology.Message<T>().EntityName;

    static long? PlaceIn(string source, ReadOnlyMemory<byte> body) =>
        Encoding.UTF8.GetString(body.Span).Split(' ') is [var name, var number] && name == source
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var sealedNo) ? sealedNo : null;
}
