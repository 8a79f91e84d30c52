using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>Whoever gets hold of a service's connection to its database adds to the record, and changes nothing in it.</summary>
public sealed class ServingRoles : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("exchange-roles-");

    string Pki => Path.Combine(folder.FullName, "pki");

    public void Dispose() => folder.Delete(recursive: true);

    static readonly string[] Record = ["journal", "seal", "checkpoints"];

    [Theory]
    [InlineData("requests")]
    [InlineData("tracking")]
    [InlineData("correlation")]
    public async Task The_role_that_serves_can_neither_change_the_record_nor_any_table(string service)
    {
        await using var database = await TestDatabase.CreateFor(service);
        await using var serving = NpgsqlDataSource.Create(database.Serving + ";Pooling=false");

        foreach (var table in Record)
        {
            await serving.CreateCommand($"SELECT count(*) FROM {table}").ExecuteNonQueryAsync();
            foreach (var statement in new[]
            {
                $"UPDATE {table} SET version = 1", $"UPDATE {table} SET sealed_no = 1", $"DELETE FROM {table}", $"TRUNCATE {table}",
                $"DROP TABLE {table}", $"ALTER TABLE {table} DISABLE TRIGGER ALL", $"ALTER TABLE {table} ADD COLUMN more text",
                $"CREATE TRIGGER more BEFORE INSERT ON {table} EXECUTE FUNCTION more()",
                $"CREATE RULE more AS ON INSERT TO {table} DO NOTHING",
                $"COMMENT ON TABLE {table} IS ''",
            })
            {
                if (statement.Contains("SET", StringComparison.Ordinal) && !await Has(database, table, statement.Split(' ')[3]))
                    continue;
                (await Should.ThrowAsync<PostgresException>(() => serving.CreateCommand(statement).ExecuteNonQueryAsync(), statement))
                    .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, statement);
            }
        }
        foreach (var statement in new[] { "CREATE TABLE more (name text)", "UPDATE migrations SET name = ''", "DELETE FROM migrations" })
            (await Should.ThrowAsync<PostgresException>(() => serving.CreateCommand(statement).ExecuteNonQueryAsync(), statement))
                .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, statement);
    }

    /// <summary>A table that is new must say whether rows of it may be changed: no privilege is given by oversight.</summary>
    [Theory]
    [InlineData("requests", "being_tried cases document_pieces findings inbox inbox_marks outbox parked positions provenance "
        + "readings reference_blocks requests retreats unsealed uploads")]
    [InlineData("tracking", "being_tried facts facts_changes facts_versions findings flag_change_counter flag_changes flags keyring "
        + "lost_facts outbox parked positions provenance retreats rungs rungs_of_requests unrecorded_rungs unsealed")]
    [InlineData("correlation", "being_tried findings identifiers indexed keyring outbox parked positions provenance retreats unsealed")]
    [InlineData("keys", "keyring request_keys subject_keys")]
    public async Task The_role_that_serves_may_change_rows_of_these_tables_only(string name, string tables)
    {
        await using var database = await TestDatabase.CreateFor(name);
        await using var serving = NpgsqlDataSource.Create(database.Serving + ";Pooling=false");
        await using var reader = await serving.CreateCommand(
            """
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
              AND (has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE')) ORDER BY relname
            """).ExecuteReaderAsync();
        List<string> changeable = [];
        while (await reader.ReadAsync())
            changeable.Add(reader.GetString(0));

        string.Join(' ', changeable).ShouldBe(tables);
    }

    [Fact]
    public async Task A_service_does_not_start_before_its_database_is_migrated_nor_as_its_owner()
    {
        await using var database = await TestDatabase.Create();
        await Command.Run("dotnet", [Repository.AssemblyOf("Exchange.Cli", "exchange"), "pki", "init", Pki, "--state", "BY"]);

        (await Run(database.Serving)).ShouldContain("with the argument migrate first");

        (await Command.Try("dotnet", [Program, "migrate"], Settings(database.Serving, database.Serving))).Errors
            .ShouldContain("must name a role that serves");
        await Command.Run("dotnet", [Program, "migrate"], Settings(database.Serving, database.Owner));
        (await Run(database.Owner)).ShouldContain("owns or may change");
        await Execute(database, "DELETE FROM migrations WHERE name LIKE '%P0001_ledger.sql'");
        (await Run(database.Serving)).ShouldContain("older than this version of the service: it lacks Exchange.Platform/Migrations/P0001");
        await Execute(database, "INSERT INTO migrations (name, sha256) VALUES ('Exchange.Platform/Migrations/P9999_later.sql', '')");
        (await Run(database.Serving)).ShouldContain("newer than this version of the service: it holds Exchange.Platform/Migrations/P9999");
    }

    static string Program => Repository.AssemblyOf("Exchange.Correlation", "Exchange.Correlation");

    async Task<string> Run(string serving)
    {
        var (exitCode, output, errors) = await Command.Try("dotnet", [Program], Settings(serving, owner: null));
        exitCode.ShouldNotBe(0);
        return output + errors;
    }

    Dictionary<string, string?> Settings(string serving, string? owner) => new()
    {
        ["ConnectionStrings__Database"] = serving, ["ConnectionStrings__DatabaseOwner"] = owner,
        ["ConnectionStrings__Broker"] = "amqp://localhost", ["Requests__Address"] = "https://localhost:1", ["Installation__State"] = "BY",
        ["Identity__Certificate"] = Path.Combine(Pki, "services", "correlation.pem"),
        ["Identity__Key"] = Path.Combine(Pki, "services", "correlation.key"), ["Identity__Anchors"] = Path.Combine(Pki, "anchors"),
        ["Keys__ServiceKey"] = Path.Combine(Pki, "keys", "service.key"), ["Grpc__Port"] = "0", ["Probe__Port"] = "0",
    };

    static async Task Execute(TestDatabase database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=false");
        await source.CreateCommand(sql).ExecuteNonQueryAsync();
    }

    static async Task<bool> Has(TestDatabase database, string table, string column)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=false");
        return await source.CreateCommand(
            $"SELECT 1 FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = '{column}'").ExecuteScalarAsync() is not null;
    }
}
