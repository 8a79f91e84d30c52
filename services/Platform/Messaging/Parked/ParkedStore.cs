using System.Globalization;
using Exchange.Operations.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Platform;

/// <summary>What an operator reads and takes away of the table <c>parked</c>.</summary>
sealed class ParkedStore(Database database)
{
    /// <summary>The oldest first, without their content.</summary>
    /// <param name="after">The last message of the page before.</param>
    public Task<List<ParkedMessage>> List((DateTimeOffset At, Guid Id) after, int count, CancellationToken ct) => database.Query(
        "SELECT id, type, cause, parked_at, tries, ''::bytea FROM parked WHERE (parked_at, id) > ($1, $2) ORDER BY parked_at, id LIMIT $3",
        [after.At, after.Id, count], Read, ct);

    /// <summary>One with its content; null when it is not parked.</summary>
    public async Task<ParkedMessage?> Find(Guid id, CancellationToken ct) => (await database.Query(
        "SELECT id, type, cause, parked_at, tries, body FROM parked WHERE id = $1", [id], Read, ct)).SingleOrDefault();

    /// <summary>Takes away what the operator saw, and not what was parked again since.</summary>
    public Task Remove(ParkedMessageHandled handled, CancellationToken ct) => database.Execute(
        "DELETE FROM parked WHERE id = $1 AND parked_at = $2 AND tries = $3",
        [Guid.Parse(handled.Message), handled.ParkedAt.ToDateTimeOffset(), handled.Tries], ct);

    /// <summary>Where the next page begins.</summary>
    public static string TokenAfter(ParkedMessage last) => $"{last.ParkedAt.ToDateTimeOffset():O}/{last.Id}";

    public static bool TryRead(string token, out (DateTimeOffset At, Guid Id) after)
    {
        after = (DateTimeOffset.UnixEpoch, Guid.Empty);
        return token.Length == 0 || (token.Split('/') is [var at, var id] && Guid.TryParse(id, out after.Id)
            && DateTimeOffset.TryParseExact(at, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out after.At));
    }

    static ParkedMessage Read(Npgsql.NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0).ToString(), Type = row.GetString(1), Cause = row.GetString(2),
        ParkedAt = row.GetFieldValue<DateTimeOffset>(3).ToTimestamp(), Tries = row.GetInt32(4), Body = UnsafeByteOperations.UnsafeWrap(row.GetFieldValue<byte[]>(5)),
    };
}
