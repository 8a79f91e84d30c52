using Exchange.Platform;
using Exchange.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>
/// The statements of the manifests, run on a PostgreSQL as the operator runs them: the two roles of one database get into it, and into no
/// other; the one that serves once it is migrated, and then it owns nothing.
/// </summary>
public sealed class RolesOfTheDatabases
{
    const string Password = "of-this-test";
    static readonly string[] Databases = ["exchange_correlation", "exchange_keys", "exchange_requests", "exchange_tracking"];

    [Fact]
    public async Task Before_a_database_is_migrated_only_its_owner_gets_into_it() =>
        (await Entered(_ => true, migrated: false))
            .ShouldBe(Databases.Select(name => $"{name}_owner makes tables in {name}"), ignoreOrder: true);

    [Fact]
    public async Task Afterwards_the_role_that_serves_gets_into_its_own_too_and_makes_no_table_there() =>
        (await Entered(_ => true, migrated: true)).ShouldBe(
            Databases.SelectMany(name => new[] { $"{name} in {name}", $"{name}_owner makes tables in {name}" }), ignoreOrder: true);

    [Fact]
    public async Task Without_the_revocations_they_get_in_everywhere()
    {
        var entered = await Entered(statement => !statement.StartsWith("REVOKE", StringComparison.Ordinal), migrated: false);
        entered.ShouldContain("exchange_tracking in exchange_requests");
        entered.Count.ShouldBe(32);
    }

    /// <summary>
    /// Makes the databases as the operator does: the owner and its database, in it the statements one by one, then login and password of
    /// the managed roles, which exist by then or are made; and migrates them as their owners.
    /// </summary>
    /// <returns>Every role that got into a database, and whether it may put a table there.</returns>
    static async Task<List<string>> Entered(Func<string, bool> keep, bool migrated)
    {
        await using var servers = await PrivateServers.Start();
        NpgsqlConnectionStringBuilder server = new(servers.Addresses.Postgres) { Database = "postgres", Pooling = false };
        List<string> roles = [];
        foreach (var spec in Yaml.Documents(Manifests.Base).Where(document => document["kind"].Text == "Cluster")
            .Select(cluster => cluster["spec"]))
        {
            var (database, owner) = (spec["bootstrap"]["initdb"]["database"].Text, spec["bootstrap"]["initdb"]["owner"].Text);
            await Run(server, $"CREATE ROLE {owner} LOGIN", $"CREATE DATABASE {database} OWNER {owner}");
            await Run(new(server.ConnectionString) { Database = database },
                [.. spec["bootstrap"]["initdb"]["postInitApplicationSQL"].Items.Select(statement => statement.Text).Where(keep)]);
            List<string> ofCluster =
                [owner, .. spec["managed"]["roles"].Items.Where(role => role["login"].Text == "true").Select(role => role["name"].Text)];
            foreach (var role in ofCluster)
                await Run(server, $"DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                    $"ALTER ROLE {role} LOGIN PASSWORD '{Password}'");
            roles.AddRange(ofCluster);
        }
        foreach (var database in migrated ? Databases : [])
        {
            await using var source = NpgsqlDataSource.Create(As(database + "_owner", database));
            await new Migrations(source, NullLogger<Migrations>.Instance)
                .Apply([typeof(Migrations).Assembly], ["Migrations"], default, database);
        }

        List<string> entered = [];
        foreach (var role in roles)
            foreach (var database in Databases)
                if (await May(As(role, database), "SELECT 1"))
                    entered.Add(await May(As(role, database), "CREATE TABLE its_own (name text)")
                        ? $"{role} makes tables in {database}" : $"{role} in {database}");
        return entered;

        NpgsqlConnectionStringBuilder As(string role, string database) =>
            new(server.ConnectionString) { Username = role, Password = Password, Database = database };
    }

    static async Task<bool> May(NpgsqlConnectionStringBuilder address, string statement)
    {
        try
        {
            await Run(address, statement);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    static async Task Run(NpgsqlConnectionStringBuilder address, params string[] statements)
    {
        await using NpgsqlConnection connection = new(address.ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using NpgsqlCommand command = new(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
