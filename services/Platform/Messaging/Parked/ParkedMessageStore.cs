using System.Globalization;
using System.Security.Cryptography;
using Exchange.Operations.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Platform;

/// <summary>The exception a message is parked with that killed the process whenever it was consumed alone.</summary>
sealed class KilledTheProcessException(int deaths)
    : Exception($"killed the process {deaths} time{(deaths == 1 ? "" : "s")} while nothing else was being taken in");

/// <summary>
/// Keeps messages that could not be consumed (table <c>parked</c>), and which one is being consumed alone (table
/// <c>being_tried</c>).
/// </summary>
public sealed class ParkedMessageStore(Database database)
{
    /// <summary>Parks a message. The same one again counts the tries and keeps the newest cause.</summary>
    public Task Park(Guid id, string type, ReadOnlyMemory<byte> body, Exception cause, CancellationToken ct) => database.Execute(
        """
        INSERT INTO parked AS p (id, queue, type, body, cause) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET cause = excluded.cause, tries = p.tries + 1
        """,
        [id, AppDomain.CurrentDomain.FriendlyName, type, body.ToArray(), TextOf(cause)], ct);

    /// <summary>
    /// By which something is parked that nobody vouches for: made of its content, for the id it bears may be that of a good message, whose
    /// place it would take.
    /// </summary>
    internal static Guid IdOf(ReadOnlySpan<byte> body) => CommandIdentity.UuidFrom(SHA256.HashData(body), version: 8);

    /// <summary>How many messages are parked.</summary>
    public async Task<long> Count(CancellationToken ct) =>
        (await database.Query("SELECT count(*) FROM parked", [], row => row.GetInt64(0), ct)).Single();

    /// <summary>A cause as it is kept and shown.</summary>
    internal static string TextOf(Exception cause) => $"{cause.GetType().Name}: {cause.Message}";

    /// <summary>Says durably that the message is about to be consumed alone.</summary>
    /// <returns>How many processes said so before and never said how it ended: they died of it.</returns>
    internal async Task<int> BeginTrial(Guid id, CancellationToken ct) => (await database.Query(
        """
        INSERT INTO being_tried AS b (id, deaths) VALUES ($1, 0)
        ON CONFLICT (id) DO UPDATE SET deaths = b.deaths + 1, since = now() RETURNING deaths
        """,
        [id], row => row.GetInt32(0), ct)).Single();

    /// <summary>The message was consumed or parked, or the process stops in an orderly way: nobody died of it.</summary>
    internal Task EndTrial(Guid id, CancellationToken ct) => database.Execute("DELETE FROM being_tried WHERE id = $1", [id], ct);

    /// <summary>Parked messages, the oldest first, without their content.</summary>
    /// <param name="after">The last message of the page before.</param>
    internal Task<List<ParkedMessage>> List((DateTimeOffset At, Guid Id) after, int count, CancellationToken ct) => database.Query(
        "SELECT id, type, cause, parked_at, tries, ''::bytea FROM parked WHERE (parked_at, id) > ($1, $2) ORDER BY parked_at, id LIMIT $3",
        [after.At, after.Id, count], Read, ct);

    /// <summary>One with its content; null when it is not parked.</summary>
    internal async Task<ParkedMessage?> Find(Guid id, CancellationToken ct) => (await database.Query(
        "SELECT id, type, cause, parked_at, tries, body FROM parked WHERE id = $1", [id], Read, ct)).SingleOrDefault();

    /// <summary>Deletes the message as the operator saw it, and not where it was parked again since.</summary>
    internal Task Remove(ParkedMessageHandled handled, CancellationToken ct) => database.Execute(
        "DELETE FROM parked WHERE id = $1 AND parked_at = $2 AND tries = $3",
        [Guid.Parse(handled.Message), handled.ParkedAt.ToDateTimeOffset(), handled.Tries], ct);

    /// <summary>The token of the page after this message.</summary>
    internal static string TokenAfter(ParkedMessage last) => $"{last.ParkedAt.ToDateTimeOffset():O}/{last.Id}";

    /// <summary>Reads a token of <see cref="TokenAfter"/>; an empty one begins with the first message.</summary>
    internal static bool TryRead(string token, out (DateTimeOffset At, Guid Id) after)
    {
        after = (DateTimeOffset.UnixEpoch, Guid.Empty);
        return token.Length == 0 || (token.Split('/') is [var at, var id] && Guid.TryParse(id, out after.Id)
            && DateTimeOffset.TryParseExact(at, "O", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out after.At));
    }

    static ParkedMessage Read(Npgsql.NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0).ToString(), Type = row.GetString(1), Cause = row.GetString(2),
        ParkedAt = row.GetFieldValue<DateTimeOffset>(3).ToTimestamp(), Tries = row.GetInt32(4),
        Body = UnsafeByteOperations.UnsafeWrap(row.GetFieldValue<byte[]>(5)),
    };
}
