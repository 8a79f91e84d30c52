using Npgsql;

namespace Exchange.Platform;

/// <summary>A service's own PostgreSQL database. Plain SQL, positional parameters, arguments always in brackets.</summary>
public sealed class Database(NpgsqlDataSource source)
{
    /// <summary>An open connection, for what needs one of its own: cursors, locks, temporary tables.</summary>
    public ValueTask<NpgsqlConnection> Open(CancellationToken ct) => source.OpenConnectionAsync(ct);

    /// <summary>Runs one statement and returns the number of rows it touched.</summary>
    public async Task<int> Execute(string sql, object?[] args, CancellationToken ct)
    {
        await using var connection = await Open(ct);
        return await new Transaction(connection, ct).Execute(sql, args);
    }

    /// <summary>Runs one query and reads every row.</summary>
    public async Task<List<T>> Query<T>(string sql, object?[] args, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var connection = await Open(ct);
        return await new Transaction(connection, ct).Query(sql, args, read);
    }

    /// <summary>Runs <paramref name="work"/> in one transaction; it commits when the work returns.</summary>
    public async Task<T> InTransaction<T>(Func<Transaction, Task<T>> work, CancellationToken ct)
    {
        await using var connection = await Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var result = await work(new(connection, ct));
        await transaction.CommitAsync(ct);
        return result;
    }
}

/// <summary>Statements on one connection.</summary>
public sealed class Transaction(NpgsqlConnection connection, CancellationToken ct)
{
    /// <summary>Runs one statement and returns the number of rows it touched.</summary>
    public async Task<int> Execute(string sql, object?[] args)
    {
        await using var command = Command(sql, args);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Runs one statement without the limit that commands have: changing a large table takes its time, and so does waiting for a
    /// lock.
    /// </summary>
    public async Task ExecuteWithoutTimeout(string sql, object?[] args)
    {
        await using var command = Command(sql, args);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Runs one query and reads every row.</summary>
    public async Task<List<T>> Query<T>(string sql, object?[] args, Func<NpgsqlDataReader, T> read)
    {
        await using var command = Command(sql, args);
        await using var reader = await command.ExecuteReaderAsync(ct);
        List<T> rows = [];
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>The command itself; the caller disposes of it.</summary>
    public NpgsqlCommand Command(string sql, object?[] args)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var arg in args)
            command.Parameters.Add(arg as NpgsqlParameter ?? new() { Value = arg ?? DBNull.Value });
        return command;
    }
}
