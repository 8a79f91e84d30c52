using System.Reflection;
using System.Text;
using Exchange.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Exchange.Platform.Tests;

public sealed class ApplyingMigrations : IAsyncLifetime
{
    TestDatabase database = null!;
    NpgsqlDataSource source = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create();
        source = NpgsqlDataSource.Create(database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Files_are_applied_in_the_order_of_their_names_and_only_once()
    {
        var files = new Brought("first", new()
        {
            ["Migrations/0010_third.sql"] = "INSERT INTO steps (name) VALUES ('third')",
            ["Migrations/0001_first.sql"] = "CREATE TABLE steps (no int GENERATED ALWAYS AS IDENTITY, name text)",
            ["Migrations/0002_second.sql"] = "INSERT INTO steps (name) VALUES ('second')",
            ["Elsewhere/0003_not_ours.sql"] = "not even SQL",
        });
        var more = new Brought("second", new() { ["Migrations/0001_fourth.sql"] = "INSERT INTO steps (name) VALUES ('fourth')" });

        await Apply(files, more);
        await Apply(files, more);

        (await Texts("SELECT name FROM steps ORDER BY no")).ShouldBe(["second", "third", "fourth"]);
    }

    [Fact]
    public async Task A_database_with_entries_of_the_format_before_is_refused_with_the_remedy()
    {
        var files = new Brought("first", new() { ["Migrations/0001.sql"] = "CREATE TABLE journal (entry bytea)" });
        await Apply(files);

        (await Should.ThrowAsync<InvalidOperationException>(() => Apply(files))).Message
            .ShouldSatisfyAllConditions(text => text.ShouldContain("format 0x01"), text => text.ShouldContain("an empty database"));
    }

    [Fact]
    public async Task Replicas_that_start_together_apply_each_file_once()
    {
        var files = new Brought("first", new()
        {
            ["Migrations/0001.sql"] = "CREATE TABLE steps (name text)",
            ["Migrations/0002.sql"] = "INSERT INTO steps VALUES ('once')",
        });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Apply(files)));

        (await Texts("SELECT name FROM steps")).ShouldBe(["once"]);
    }

    [Fact]
    public async Task A_file_changed_after_it_was_applied_stops_the_service_and_names_the_file()
    {
        await Apply(new Brought("first", new() { ["Migrations/0001.sql"] = "CREATE TABLE steps (name text)" }));

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => Apply(new Brought("first", new()
        {
            ["Migrations/0001.sql"] = "CREATE TABLE steps (name text, more text)",
            ["Migrations/0002.sql"] = "CREATE TABLE other ()",
        })));

        failure.Message.ShouldContain("first/Migrations/0001.sql");
        (await Texts("SELECT relname::text FROM pg_class WHERE relname = 'other'")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_faulty_file_leaves_nothing_behind_and_the_lock_free()
    {
        var faulty = new Brought("first", new() { ["Migrations/0001.sql"] = "CREATE TABLE half (); CREATE TABLE half ()" });

        (await Should.ThrowAsync<PostgresException>(() => Apply(faulty))).SqlState.ShouldBe("42P07");

        (await Texts("SELECT relname::text FROM pg_class WHERE relname = 'half'")).ShouldBeEmpty();
        (await Texts("SELECT pid::text FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database "
            + "WHERE datname = current_database())")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_lost_on_the_way_is_reported_as_what_it_was()
    {
        var suicidal = new Brought("first", new() { ["Migrations/0001.sql"] = "SELECT pg_terminate_backend(pg_backend_pid())" });

        (await Should.ThrowAsync<PostgresException>(() => Apply(suicidal))).SqlState.ShouldBe("57P01");
    }

    [Fact]
    public async Task A_file_may_take_longer_than_a_command_of_the_service_and_others_wait_for_it()
    {
        await using var impatient = NpgsqlDataSource.Create(database.ConnectionString + ";Command Timeout=1");
        var slow = new Brought("first", new() { ["Migrations/0001.sql"] = "CREATE TABLE slow AS SELECT 1 AS done FROM pg_sleep(1.5)" });

        await Task.WhenAll(Apply(impatient, slow), Apply(impatient, slow));

        (await Texts("SELECT done::text FROM slow")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_database_that_is_older_or_newer_than_the_files_is_not_served_on_and_says_what_to_run()
    {
        var first = new Brought("first", new() { ["Migrations/0001.sql"] = "CREATE TABLE steps (name text)" });
        var later = new Brought("first", new()
        {
            ["Migrations/0001.sql"] = "CREATE TABLE steps (name text)", ["Migrations/0002.sql"] = "CREATE TABLE more ()",
        });
        (await Should.ThrowAsync<InvalidOperationException>(() => Look(first))).Message.ShouldContain("never migrated");

        await Apply(first);

        await Look(first);
        (await Should.ThrowAsync<InvalidOperationException>(() => Look(later))).Message
            .ShouldBe("The database is older than this version of the service: it lacks first/Migrations/0002.sql. "
                + "Run this version of the service with the argument migrate first.");
        await Apply(later);
        foreach (var act in new Func<Task>[] { () => Look(first), () => Apply(first) })
            (await Should.ThrowAsync<InvalidOperationException>(act)).Message
                .ShouldStartWith("The database is newer than this version of the service: it holds first/Migrations/0002.sql. Run");
    }

    Task Look(params Assembly[] files) =>
        new Migrations(source, NullLogger<Migrations>.Instance).EnsureApplied(files, ["Migrations"], CancellationToken.None);

    Task Apply(params Assembly[] files) => Apply(source, files);

    static Task Apply(NpgsqlDataSource source, params Assembly[] files) =>
        new Migrations(source, NullLogger<Migrations>.Instance).Apply(files, ["Migrations"], CancellationToken.None);

    Task<List<string>> Texts(string sql) => new Database(source).Query(sql, [], row => row.GetString(0), CancellationToken.None);

    /// <summary>An assembly that brings these files.</summary>
    sealed class Brought(string name, Dictionary<string, string> files) : Assembly
    {
        public override AssemblyName GetName() => new(name);

        public override string[] GetManifestResourceNames() => [.. files.Keys];

        public override Stream GetManifestResourceStream(string resource) => new MemoryStream(Encoding.UTF8.GetBytes(files[resource]));
    }
}
