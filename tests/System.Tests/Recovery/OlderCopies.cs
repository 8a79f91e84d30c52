using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>Dumps of a running exchange's databases, and their way back: with PostgreSQL's own programs, as an operator would.</summary>
sealed class OlderCopies(RunningExchange exchange)
{
    /// <summary>Dumps a database while its service runs.</summary>
    /// <returns>The file.</returns>
    public async Task<string> Dump(string name)
    {
        var file = Path.Combine(exchange.Home, $"{name}-{Guid.CreateVersion7():N}.dump");
        await Program("pg_dump", exchange.Databases[name], "--format=custom", "--no-owner", "--no-privileges", $"--file={file}");
        return file;
    }

    /// <summary>Puts the copy into a new database under the old name, while the service is down, and starts it again.</summary>
    public async Task Restore(string name, string dump)
    {
        var service = name switch { "requests" => exchange.Requests, "tracking" => exchange.Tracking, _ => exchange.Correlation };
        await service.Stop();
        var database = new NpgsqlConnectionStringBuilder(exchange.Databases[name]).Database;
        var administrator =
            new NpgsqlConnectionStringBuilder(exchange.Databases[name]) { Database = "postgres", Pooling = false }.ConnectionString;
        await using (var source = NpgsqlDataSource.Create(administrator))
        {
            await source.CreateCommand($"DROP DATABASE {database} WITH (FORCE)").ExecuteNonQueryAsync();
            await source.CreateCommand($"CREATE DATABASE {database} OWNER {database}_owner").ExecuteNonQueryAsync();
        }
        await Program("pg_restore", exchange.Databases[name], "--no-owner", $"--role={database}_owner", "--exit-on-error",
            $"--dbname={database}", dump);
        await exchange.Migrate(name);
        await service.Restart();
    }

    /// <summary>Every row of a query as one text, for comparing tables as wholes.</summary>
    public async Task<List<string>> Rows(string database, string sql)
    {
        await using var source =
            NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(exchange.Databases[database]) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand($"SELECT t::text FROM ({sql}) t ORDER BY 1");
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    /// <summary>Changes rows behind the service's back.</summary>
    public async Task<int> Damage(string database, string sql)
    {
        await using var source =
            NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(exchange.Databases[database]) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    static Task<string> Program(string name, string database, params string[] arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(database);
        return Command.Run(PathOf(name), name == "pg_dump" ? [.. arguments, server.Database!] : arguments, new Dictionary<string, string?>
        {
            ["PGHOST"] = server.Host, ["PGPORT"] = $"{server.Port}", ["PGUSER"] = server.Username, ["PGPASSWORD"] = server.Password,
        });
    }

    /// <summary>That of the newest server installed; an older one does not read a newer server.</summary>
    static string PathOf(string program) => !Directory.Exists("/usr/lib/postgresql") ? program
        : Directory.GetDirectories("/usr/lib/postgresql")
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin", program)).FirstOrDefault(File.Exists) ?? program;
}
