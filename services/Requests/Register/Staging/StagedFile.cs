using System.Runtime.CompilerServices;
using Exchange.Platform;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Requests;

/// <summary>A row set aside until all rows are there.</summary>
/// <param name="Reference">UTF-8; rows come back ordered by it.</param>
/// <param name="Number">Row of the file.</param>
/// <param name="Content">Null for a row with a fault.</param>
readonly record struct StagedRow(byte[] Reference, long Number, byte[]? Content);

/// <summary>
/// The rows of one file, set aside in a temporary table of a session of its own: flat memory for any number of rows, and
/// gone with the connection, so that nothing is ever half-stored. Contents are encrypted under a key that only this object
/// has, for temporary tables end up in files.
/// </summary>
sealed class StagedFile : IAsyncDisposable
{
    readonly AdvisoryLock? sole;
    readonly NpgsqlConnection connection;
    readonly StagingCipher cipher = new();
    NpgsqlTransaction? transaction;
    NpgsqlBinaryImporter? importer;

    StagedFile(AdvisoryLock? sole, NpgsqlConnection connection) => (this.sole, this.connection) = (sole, connection);

    /// <param name="lockKey">Advisory lock to hold as long as the file is staged; null for none.</param>
    /// <exception cref="Refusal">The lock is taken: another import runs.</exception>
    public static async Task<StagedFile> Open(Database database, long? lockKey, CancellationToken ct)
    {
        // The rows are staged in the very session that holds the lock: without the one there are not the others.
        var sole = lockKey is { } key
            ? await AdvisoryLock.TryAcquire(database, key, ct) ?? throw RegisterRefusals.AnotherImportRuns()
            : null;
        var connection = sole?.Connection ?? await database.Open(ct);
        var file = new StagedFile(sole, connection);
        try
        {
            file.transaction = await connection.BeginTransactionAsync(ct);
            await new Transaction(connection, ct).Execute(
                "CREATE TEMPORARY TABLE register_rows (reference bytea NOT NULL, row_no bigint NOT NULL, content bytea) ON COMMIT DROP",
                []);
            file.importer = await connection.BeginBinaryImportAsync(
                "COPY register_rows (reference, row_no, content) FROM STDIN (FORMAT BINARY)", ct);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <param name="content">Null for a row with a fault: the others of its reference must know.</param>
    public async Task Add(byte[] reference, long number, byte[]? content, CancellationToken ct)
    {
        await importer!.StartRowAsync(ct);
        await importer.WriteAsync(reference, NpgsqlDbType.Bytea, ct);
        await importer.WriteAsync(number, NpgsqlDbType.Bigint, ct);
        if (content is null)
            await importer.WriteNullAsync(ct);
        else
            await importer.WriteAsync(cipher.Encrypt(content, number), NpgsqlDbType.Bytea, ct);
    }

    /// <summary>Ends the staging: no more rows are added.</summary>
    public async Task Complete(CancellationToken ct)
    {
        await importer!.CompleteAsync(ct);
        await importer.DisposeAsync();
        importer = null;
    }

    /// <summary>Every row, ordered by the bytes of its reference and then by its number.</summary>
    public async IAsyncEnumerable<StagedRow> InOrder([EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new Transaction(connection, ct).Command(
            "SELECT reference, row_no, content FROM register_rows ORDER BY reference, row_no", []);
        // Sorting millions of rows takes its time before the first comes; the caller's token ends it.
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var number = reader.GetInt64(1);
            var content = reader.IsDBNull(2) ? null : cipher.Decrypt(reader.GetFieldValue<byte[]>(2), number);
            yield return new(reader.GetFieldValue<byte[]>(0), number, content);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (importer is not null)
            await importer.DisposeAsync();
        await (transaction?.DisposeAsync() ?? default);
        await (sole?.DisposeAsync() ?? connection.DisposeAsync());
        cipher.Dispose();
    }
}
