namespace Exchange.Platform;

/// <summary>A message died of, not merely refused: whoever tried it alone did not live to say how it ended.</summary>
sealed class KilledTheProcessException(int deaths)
    : Exception($"killed the process {deaths} time{(deaths == 1 ? "" : "s")} while nothing else was being taken in");

/// <summary>Keeps messages that could not be taken in, and knows which one is being tried alone.</summary>
public sealed class Parking(Database database)
{
    /// <summary>Parks one. The same one again counts the tries and keeps the newest cause.</summary>
    public Task Park(Guid id, string type, ReadOnlyMemory<byte> body, Exception cause, CancellationToken ct) => database.Execute(
        """
        INSERT INTO parked AS p (id, queue, type, body, cause) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET cause = excluded.cause, tries = p.tries + 1
        """,
        [id, AppDomain.CurrentDomain.FriendlyName, type, body.ToArray(), Said(cause)], ct);

    internal static string Said(Exception cause) => $"{cause.GetType().Name}: {cause.Message}";

    /// <summary>How many are parked.</summary>
    public async Task<long> Count(CancellationToken ct) =>
        (await database.Query("SELECT count(*) FROM parked", [], row => row.GetInt64(0), ct)).Single();

    /// <summary>Says durably that the message is being tried, before it is.</summary>
    /// <returns>How many processes said so before and never said how it ended: they died of it.</returns>
    internal async Task<int> BeginTrial(Guid id, CancellationToken ct) => (await database.Query(
        "INSERT INTO being_tried AS b (id, deaths) VALUES ($1, 0) ON CONFLICT (id) DO UPDATE SET deaths = b.deaths + 1, since = now() RETURNING deaths",
        [id], row => row.GetInt32(0), ct)).Single();

    /// <summary>The message was taken in or parked, or the process stops in an orderly way: nobody died of it.</summary>
    internal Task EndTrial(Guid id, CancellationToken ct) => database.Execute("DELETE FROM being_tried WHERE id = $1", [id], ct);
}
