using System.Data;
using Npgsql;

namespace Exchange.Platform;

/// <summary>What an advisory lock of PostgreSQL is taken on: a number, or a name that PostgreSQL hashes to one.</summary>
public readonly record struct AdvisoryLockKey
{
    AdvisoryLockKey(long? number, string? name) => (Number, Name) = (number, name);

    internal long? Number { get; }

    internal string? Name { get; }

    /// <summary>The key of this name.</summary>
    public static implicit operator AdvisoryLockKey(string name) => new(null, name);

    /// <summary>The key of this number.</summary>
    public static implicit operator AdvisoryLockKey(long number) => new(number, null);
}

/// <summary>
/// An advisory lock of PostgreSQL, held by a session of its own: its owner is the only one, among all replicas on the database, to
/// do a thing. If the process dies, the server ends the session, and with it the lock and the session's temporary tables.
/// </summary>
public sealed class AdvisoryLock : IAsyncDisposable
{
    // A name is hashed by the server, as the versions before this one did.
    const string Key = "coalesce($1::bigint, hashtextextended($2::text, 0))";

    AdvisoryLock(NpgsqlConnection connection, CancellationToken ct) => (Connection, Session) = (connection, new(connection, ct));

    /// <summary>The connection whose session holds the lock. What is written through it is written only while the lock is held.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Statements on that connection.</summary>
    public Transaction Session { get; }

    /// <summary>Acquires the lock if it is free; null when another session holds it.</summary>
    /// <param name="ct">Also ends statements of <see cref="Session"/>.</param>
    public static Task<AdvisoryLock?> TryAcquire(Database database, AdvisoryLockKey key, CancellationToken ct) =>
        Acquire(database, async held =>
            (await held.Session.Query($"SELECT pg_try_advisory_lock({Key})", Arguments(key), row => row.GetBoolean(0))).Single(), ct);

    /// <summary>Acquires the lock, and waits for it as long as another session holds it.</summary>
    /// <param name="ct">Also ends statements of <see cref="Session"/>.</param>
    public static async Task<AdvisoryLock> Acquire(Database database, AdvisoryLockKey key, CancellationToken ct) =>
        (await Acquire(database, async held =>
        {
            await held.Session.ExecuteWithoutTimeout($"SELECT pg_advisory_lock({Key})", Arguments(key));
            return true;
        }, ct))!;

    /// <summary>Returns while the lock is still held.</summary>
    /// <exception cref="NpgsqlException">The session was lost, and another may hold the lock.</exception>
    public Task EnsureHeld(CancellationToken ct) => new Transaction(Connection, ct).Execute("SELECT 1", []);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // The pool keeps the session alive, and with it lock and tables. One that was lost holds neither, and asking it would
        // hide why it was lost.
        try
        {
            if (Connection.State is ConnectionState.Open)
            {
                var session = new Transaction(Connection, CancellationToken.None);
                await session.Execute("SELECT pg_advisory_unlock_all()", []);
                await session.Execute("DISCARD TEMP", []);
            }
        }
        catch
        {
            // A session that goes back to the pool with the lock would keep everybody from it. The pool ends it instead.
            NpgsqlConnection.ClearPool(Connection);
            throw;
        }
        finally
        {
            await Connection.DisposeAsync();
        }
    }

    static async Task<AdvisoryLock?> Acquire(Database database, Func<AdvisoryLock, Task<bool>> acquire, CancellationToken ct)
    {
        var connection = await database.Open(ct);
        var held = new AdvisoryLock(connection, ct);
        try
        {
            if (await acquire(held))
                return held;
        }
        catch
        {
            // The server may have given the lock although its answer did not come.
            await held.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    static object?[] Arguments(AdvisoryLockKey key) => [key.Number, key.Name];
}
