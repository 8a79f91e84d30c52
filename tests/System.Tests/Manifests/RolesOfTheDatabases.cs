using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>
/// The statements of the manifests, run on a PostgreSQL as the operator runs them: the role of one service gets into its own database only.
/// </summary>
public sealed class RolesOfTheDatabases
{
    const string Password = "of-this-test";

    [Fact]
    public async Task Each_role_gets_into_its_own_database_and_no_other()
    {
        var entered = await Entered(_ => true);
        entered.ShouldBe(["exchange_correlation", "exchange_keys", "exchange_requests", "exchange_tracking"], ignoreOrder: true);
    }

    [Fact]
    public async Task Without_the_revocations_they_get_in_everywhere()
    {
        var entered = await Entered(statement => !statement.StartsWith("REVOKE", StringComparison.Ordinal));
        entered.ShouldContain("exchange_tracking in exchange_requests");
        entered.Count.ShouldBe(16);
    }

    /// <summary>
    /// Makes the databases as the operator does: the owner and its database, in it the statements one by one, then login and password of
    /// the managed roles, which exist by then. Answers with every role that got into a database, by its name alone where that is its own.
    /// </summary>
    static async Task<List<string>> Entered(Func<string, bool> keep)
    {
        await using var servers = await PrivateServers.Start();
        NpgsqlConnectionStringBuilder server = new(servers.Addresses.Postgres) { Database = "postgres", Pooling = false };
        List<string> roles = [];
        foreach (var spec in Yaml.Documents(Manifests.Base).Where(document => document["kind"].Text == "Cluster")
            .Select(cluster => cluster["spec"]))
        {
            var (database, owner) = (spec["bootstrap"]["initdb"]["database"].Text, spec["bootstrap"]["initdb"]["owner"].Text);
            await Run(server, [$"CREATE ROLE {owner} LOGIN", $"CREATE DATABASE {database} OWNER {owner}"]);
            await Run(new(server.ConnectionString) { Database = database },
                spec["bootstrap"]["initdb"]["postInitApplicationSQL"].Items.Select(statement => statement.Text).Where(keep));
            List<string> ofCluster =
                [owner, .. spec["managed"]["roles"].Items.Where(role => role["login"].Text == "true").Select(role => role["name"].Text)];
            await Run(server, ofCluster.Select(role => $"ALTER ROLE {role} LOGIN PASSWORD '{Password}'"));
            roles.AddRange(ofCluster);
        }

        List<string> entered = [];
        foreach (var role in roles)
            foreach (var database in roles)
                if (await Enters(
                    new(server.ConnectionString) { Username = role, Password = Password, Database = database }, role == database))
                {
                    entered.Add(role == database ? role : $"{role} in {database}");
                }
        return entered;
    }

    /// <summary>Whether it gets in; into its own database it must be able to put a table.</summary>
    static async Task<bool> Enters(NpgsqlConnectionStringBuilder address, bool own)
    {
        try
        {
            await Run(address, [own ? "CREATE TABLE its_own (name text)" : "SELECT 1"]);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            refused.MessageText.ShouldBe($"permission denied for database \"{address.Database}\"");
            return false;
        }
    }

    static async Task Run(NpgsqlConnectionStringBuilder address, IEnumerable<string> statements)
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
