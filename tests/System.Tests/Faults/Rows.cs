using Exchange.Platform;
using Exchange.Requests.V1;
using Npgsql;

namespace Exchange.System.Tests.Faults;

/// <summary>An entry of the journal of Requests, as its row says.</summary>
sealed record Entry(string Request, int Version, Guid Command, byte[] Hash);

/// <summary>Reads a service's database behind its back.</summary>
static class Rows
{
    public static async Task<List<T>> Read<T>(string database, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { Pooling = false });
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    public static async Task<long> Count(string database, string sql) => (await Read(database, sql, row => row.GetInt64(0))).Single();

    public static Task Run(string database, string sql) => Read(database, sql, row => 0);

    /// <summary>What was done to requests; disclosures are aggregates of their own.</summary>
    public static async Task<IReadOnlyList<Entry>> Journal(string database) =>
        [.. (await Read(database, "SELECT aggregate_id, version, command_id, hash, entry FROM journal",
                row => (Entry: new Entry($"requests/{row.GetGuid(0)}", row.GetInt32(1), row.GetGuid(2), row.GetFieldValue<byte[]>(3)),
                    Said: EntryBytes.Parse(row.GetFieldValue<byte[]>(4), JournalEntry.Parser).Aggregate)))
            .Where(row => row.Said == row.Entry.Request).Select(row => row.Entry)];
}
