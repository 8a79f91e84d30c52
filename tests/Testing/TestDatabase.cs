using System.Reflection;
using Exchange.Platform;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Exchange.Testing;

/// <summary>
/// A database of a test class's own on the run's PostgreSQL, with a role that owns it and one that serves on it; dropped on disposal.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    readonly string administrator;
    readonly string name;

    TestDatabase(string administrator, string name)
    {
        (this.administrator, this.name) = (administrator, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(administrator) { Database = name, Pooling = true }.ConnectionString;
    }

    /// <summary>Npgsql connection string of the server's administrator, who may look at all and damage it.</summary>
    public string ConnectionString { get; }

    /// <summary>As the role that owns the database, which migrates it.</summary>
    public string Owner => As(OwnerRole);

    /// <summary>As the role of a service: it has grants only, and those by <see cref="Migrate"/>.</summary>
    public string Serving => As(ServingRole);

    string OwnerRole => name + "_owner";

    string ServingRole => name + "_serving";

    /// <summary>Creates an empty one under a random name, so that several may stand side by side.</summary>
    /// <param name="servers">Where; the run's own unless told otherwise.</param>
    public static async Task<TestDatabase> Create(ServerAddresses? servers = null)
    {
        // Without pooling, or a pool would hold connections that outlive the server of a fault test.
        var administrator = new NpgsqlConnectionStringBuilder((servers ?? await Servers.Found).Postgres) { Pooling = false };
        administrator.Database ??= "postgres";
        var database = new TestDatabase(administrator.ConnectionString, $"test_{Guid.CreateVersion7():N}");
        await database.OnServer(
            $"CREATE ROLE {database.OwnerRole} LOGIN PASSWORD '{database.name}'",
            $"CREATE ROLE {database.ServingRole} LOGIN PASSWORD '{database.name}'",
            $"CREATE DATABASE {database.name} OWNER {database.OwnerRole}");
        return database;
    }

    /// <summary>Creates one for a service that is started on it.</summary>
    /// <param name="service">Such as <c>requests</c>; <c>keys</c> for the key database of Requests.</param>
    public static async Task<TestDatabase> CreateFor(string service, ServerAddresses? servers = null)
    {
        var database = await Create(servers);
        await database.Migrate(service);
        return database;
    }

    /// <summary>Migrates it as the argument <c>migrate</c> does, in this process.</summary>
    public async Task Migrate(string service)
    {
        // Where a service has no database for keys, it keeps them in its own.
        string[] folders = service switch
        {
            "keys" => ["KeyMigrations"],
            "requests" => ["Migrations"],
            _ => ["Migrations", "KeyMigrations"],
        };
        var project = service == "keys" ? "Requests" : char.ToUpperInvariant(service[0]) + service[1..];
        // Of the service only the files are wanted.
        var assembly = Assembly.LoadFrom(Repository.AssemblyOf($"Exchange.{project}", $"Exchange.{project}"));
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Owner) { Pooling = false });
        await new Migrations(source, NullLogger<Migrations>.Instance)
            .Apply([typeof(Migrations).Assembly, assembly], folders, default, ServingRole);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await OnServer(
        $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", $"DROP ROLE IF EXISTS {OwnerRole}", $"DROP ROLE IF EXISTS {ServingRole}");

    string As(string role) => new NpgsqlConnectionStringBuilder(ConnectionString) { Username = role, Password = name }.ConnectionString;

    async Task OnServer(params string[] statements)
    {
        await using var connection = new NpgsqlConnection(administrator);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
