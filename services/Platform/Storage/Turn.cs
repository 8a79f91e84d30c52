using Npgsql;

namespace Exchange.Platform;

/// <summary>
/// The right to do something that only one process per database may do: an advisory lock on a session of its own. It ends with
/// the process, however that ends, and the next in line has it.
/// </summary>
sealed class Turn : IAsyncDisposable
{
    readonly NpgsqlConnection connection;

    Turn(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>The turn, or null while another process has it.</summary>
    public static async Task<Turn?> Try(Database database, string what, CancellationToken ct)
    {
        var connection = await database.Open(ct);
        try
        {
            if (await new Transaction(connection, ct).Query("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", [what], row => row.GetBoolean(0)) is [true])
                return new(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Returns while the turn is still ours.</summary>
    /// <exception cref="NpgsqlException">The session was lost, and another may have the turn.</exception>
    public Task Confirm(CancellationToken ct) => new Transaction(connection, ct).Execute("SELECT 1", []);

    public async ValueTask DisposeAsync()
    {
        // The pool keeps the session alive, and with it the lock.
        if (connection.State is System.Data.ConnectionState.Open)
            await new Transaction(connection, CancellationToken.None).Execute("SELECT pg_advisory_unlock_all()", []);
        await connection.DisposeAsync();
    }
}
