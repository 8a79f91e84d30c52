using Exchange.Platform;
using Exchange.Testing;
using Exchange.Tracking.V1;
using Npgsql;

namespace Exchange.Tracking.Tests;

/// <summary>A migrated database of Tracking, empty, on the real server.</summary>
sealed class FactsDatabase : IAsyncDisposable
{
    readonly TestDatabase server;
    readonly NpgsqlDataSource source;

    FactsDatabase(TestDatabase server, NpgsqlDataSource source, TimeProvider clock)
    {
        (this.server, this.source) = (server, source);
        Database = new(source);
        Store = new(Database, new(clock), Figures.Reference, clock);
    }

    public string Serving => server.Serving;

    public Database Database { get; }

    public FactsStore Store { get; }

    /// <summary>Reads rungs, over connections of one's own.</summary>
    public async Task<RungStore> Rungs(Database reading)
    {
        var keyring = await TestKeys.KeyringIn(source, TestKeys.NewServiceKey(), RungLetters.Purpose);
        return new(TestKeys.StateRows(reading, keyring, new RungRebuild()), reading, new(reading, new(keyring)), new(keyring));
    }

    public static async Task<FactsDatabase> Create(TimeProvider clock)
    {
        var server = await TestDatabase.CreateFor("tracking");
        return new(server, NpgsqlDataSource.Create(server.ConnectionString), clock);
    }

    /// <summary>Every row of every table of this service, as text; without the numbers of changes, which tell their order.</summary>
    public async Task<List<string>> Tables()
    {
        List<string> rows = [];
        foreach (var table in new[] { "facts", "facts_versions", "flags" })
            rows.AddRange(await Database.Query(
                $"SELECT '{table} ' || (to_jsonb(t) - 'row_no' - 'change_no')::text FROM {table} t ORDER BY 1", [],
                row => row.GetString(0), default));
        return rows;
    }

    /// <summary>Another replica on the same database.</summary>
    public FactsStore Replica(TimeProvider clock) => new(Database, new(clock), Figures.Reference, clock);

    /// <summary>Other connections to it.</summary>
    /// <param name="options">Settings of the server for them.</param>
    /// <param name="atMost">So many at a time.</param>
    public NpgsqlDataSource Connections(string options, int atMost = 10) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Options = options, MaxPoolSize = atMost });

    /// <summary>
    /// Ends the connections that <see cref="Database"/> has made. A connection that is left open reports what it has read at a moment of
    /// its own, and that would be counted as another's.
    /// </summary>
    public async Task EndConnections()
    {
        source.Clear();
        await using var looking = Connections("", atMost: 1);
        await Eventually.Holds(async () => (await new Database(looking).Query(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            """,
            [], row => row.GetInt64(0), default)).Single().ShouldBe(0));
    }

    /// <summary>How many rows of facts the server has read, as it counts them itself once the connection has reported.</summary>
    /// <param name="database">With one connection, and no other one open (<see cref="EndConnections"/>).</param>
    public static async Task<long> FactsRead(Database database)
    {
        await database.Query("SELECT pg_stat_force_next_flush()", [], _ => 0, default);
        return (await database.Query(
            "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'facts'", [],
            row => row.GetInt64(0), default)).Single();
    }

    /// <summary>What was told of flags, in the order of its numbers.</summary>
    public async Task<List<FlagChange>> Told() => (await new FlagLogReader(Database, Figures.Reference, TimeProvider.System)
        .After(0, "BY", () => Task.FromResult<Guid[]>([]), 10_000, default)).Changes;

    public Task<List<string>> Flags() => Database.Query(
        """
        SELECT format('%s %s raised %s origin %s cleared %s', limit_kind, due_on,
          to_char(raised_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), origin, cleared_on)
        FROM flags ORDER BY due_on, limit_kind
        """, [], row => row.GetString(0), default);

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await server.DisposeAsync();
    }
}
