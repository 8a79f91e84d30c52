using Npgsql;

namespace Exchange.Platform;

/// <summary>
/// A connection whose owner is the only one, among all replicas, to do a thing: by an advisory lock of the session. If the
/// process dies, the server ends the session, and with it the lock and its temporary tables.
/// </summary>
public sealed class SoleSession : IAsyncDisposable
{
    readonly NpgsqlConnection connection;

    SoleSession(NpgsqlConnection connection, CancellationToken ct) => (this.connection, Session) = (connection, new(connection, ct));

    /// <summary>Statements on it.</summary>
    public Transaction Session { get; }

    /// <summary>Takes the lock; null when somebody else holds it.</summary>
    public static async Task<SoleSession?> Take(Database database, string what, CancellationToken ct)
    {
        var connection = await database.Open(ct);
        try
        {
            if (await new Transaction(connection, ct).Query("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", [what], row => row.GetBoolean(0)) is [true])
                return new(connection, ct);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Returns while the lock is still ours.</summary>
    /// <exception cref="NpgsqlException">The session was lost, and another may hold it.</exception>
    public Task Confirm(CancellationToken ct) => new Transaction(connection, ct).Execute("SELECT 1", []);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // The pool keeps the session alive, and with it lock and tables.
        if (connection.State is System.Data.ConnectionState.Open)
        {
            var session = new Transaction(connection, CancellationToken.None);
            await session.Execute("SELECT pg_advisory_unlock_all()", []);
            await session.Execute("DISCARD TEMP", []);
        }
        await connection.DisposeAsync();
    }
}
