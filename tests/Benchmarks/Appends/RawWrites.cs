using Npgsql;
using NpgsqlTypes;

namespace Exchange.Benchmarks;

/// <summary>The rows of an append as a program without the ledger would write them, into the same tables with the same indexes.</summary>
sealed class RawWrites(NpgsqlDataSource source)
{
    const string Journal = "journal (aggregate_id, version, command_id, command_digest, entry, hash, mac, recorded_at)";
    const string Unsealed = "unsealed (aggregate_id, version, hash)";
    const string Outbox = "outbox (id, type, body, trace_parent, proof, certificate_id, leased_until)";

    static readonly string State = $"requests (id, version, head_hash, mac, {string.Join(", ", Filing.State.Columns.Select(c => c.Name))})";
    static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    static readonly (string Table, NpgsqlDbType[] Types)[] Tables =
    [
        (Journal, [NpgsqlDbType.Uuid, NpgsqlDbType.Integer, NpgsqlDbType.Uuid, NpgsqlDbType.Bytea, NpgsqlDbType.Bytea, NpgsqlDbType.Bytea,
            NpgsqlDbType.Bytea, NpgsqlDbType.TimestampTz]),
        (Unsealed, [NpgsqlDbType.Uuid, NpgsqlDbType.Integer, NpgsqlDbType.Bytea]),
        (Outbox, [NpgsqlDbType.Uuid, NpgsqlDbType.Text, NpgsqlDbType.Bytea, NpgsqlDbType.Text, NpgsqlDbType.Bytea,
            NpgsqlDbType.Bytea, NpgsqlDbType.TimestampTz]),
        (State, [NpgsqlDbType.Uuid, NpgsqlDbType.Integer, NpgsqlDbType.Bytea, NpgsqlDbType.Bytea,
            .. Filing.State.Columns.Select(c => c.Type)]),
    ];

    static readonly string[] Inserts = [.. Tables.Select((table, i) =>
        $"INSERT INTO {table.Table} VALUES ({string.Join(", ", Enumerable.Range(1, table.Types.Length).Select(n => "$" + n))})"
        // The state is a row that may be there already, as in the ledger.
        + (i < 3 ? "" : $"""
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, head_hash = excluded.head_hash, mac = excluded.mac,
              {string.Join(", ", Filing.State.Columns.Select(c => $"{c.Name} = excluded.{c.Name}"))}
            WHERE requests.version < excluded.version
            """))];

    /// <summary>BEGIN, a command for each table, COMMIT.</summary>
    public async Task InATransaction()
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var (i, row) in Rows().Index())
        {
            await using var command = new NpgsqlCommand(Inserts[i], connection);
            Fill(command.Parameters, i, row);
            await command.ExecuteNonQueryAsync();
        }
        await transaction.CommitAsync();
    }

    /// <summary>All commands in one round trip, which is a transaction.</summary>
    public async Task InOneRoundTrip()
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (i, row) in Rows().Index())
        {
            var command = new NpgsqlBatchCommand(Inserts[i]);
            Fill(command.Parameters, i, row);
            batch.BatchCommands.Add(command);
        }
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>COPY into each table, in binary, in one transaction.</summary>
    public async Task Copy(IReadOnlyList<object?[][]> all)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        for (var i = 0; i < Tables.Length; i++)
        {
            await using var copy = await connection.BeginBinaryImportAsync($"COPY {Tables[i].Table} FROM STDIN (FORMAT binary)");
            foreach (var rows in all)
            {
                await copy.StartRowAsync();
                foreach (var (value, type) in rows[i].Zip(Tables[i].Types))
                {
                    if (value is null)
                        await copy.WriteNullAsync();
                    else
                        await copy.WriteAsync(value, type);
                }
            }
            await copy.CompleteAsync();
        }
        await transaction.CommitAsync();
    }

    static void Fill(NpgsqlParameterCollection parameters, int table, object?[] row)
    {
        foreach (var (value, type) in row.Zip(Tables[table].Types))
            parameters.Add(new() { Value = value ?? DBNull.Value, NpgsqlDbType = type });
    }

    /// <summary>A row for each table, all of one append.</summary>
    public static object?[][] Rows()
    {
        var id = Guid.CreateVersion7();
        return
        [
            [id, 1, Guid.CreateVersion7(), Filing.Digest, Filing.Entry, Filing.Hash, Filing.Mac, At],
            [id, 1, Filing.Hash],
            [Guid.CreateVersion7(), "RequestChanged", Filing.Event, null, Filing.Proof, Filing.Hash, At],
            [id, 1, Filing.Hash, Filing.Mac, .. Filing.Values(id)],
        ];
    }
}
