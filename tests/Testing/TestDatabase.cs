using Npgsql;

namespace Exchange.Testing;

/// <summary>An empty database of a test class's own on the run's PostgreSQL; dropped on disposal.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    readonly string administrator;
    readonly string name;

    TestDatabase(string administrator, string name)
    {
        (this.administrator, this.name) = (administrator, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(administrator) { Database = name, Pooling = true }.ConnectionString;
    }

    /// <summary>Npgsql connection string of the new database.</summary>
    public string ConnectionString { get; }

    /// <summary>Creates it under a random name, so that several may stand side by side.</summary>
    /// <param name="servers">Where; the run's own unless told otherwise.</param>
    public static async Task<TestDatabase> Create(ServerAddresses? servers = null)
    {
        // Without pooling, or a pool would hold connections that outlive the server of a fault test.
        var administrator = new NpgsqlConnectionStringBuilder((servers ?? await Servers.Found).Postgres) { Pooling = false };
        administrator.Database ??= "postgres";
        var database = new TestDatabase(administrator.ConnectionString, $"test_{Guid.CreateVersion7():N}");
        await database.OnServer($"CREATE DATABASE {database.name}");
        return database;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await OnServer($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    async Task OnServer(string sql)
    {
        await using var connection = new NpgsqlConnection(administrator);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
