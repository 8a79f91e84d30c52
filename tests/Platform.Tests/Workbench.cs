using System.Text.Json;
using Exchange.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Platform.Tests;

/// <summary>An event as a service would publish it.</summary>
public sealed record ItemChanged(Guid Id, int Version);

/// <summary>The platform's parts on a database of a test's own, with one state table: items, their names unique.</summary>
sealed class Workbench : IAsyncDisposable
{
    /// <summary>The service whose parts these are.</summary>
    public const string ServiceName = "testing";

    public static readonly StateTable Items = new("items", [("name", NpgsqlDbType.Text), ("size", NpgsqlDbType.Integer)]);

    readonly TestDatabase database;
    readonly List<IHostedService> running = [];
    readonly Lazy<TestSigner> signer = new(() => new());

    Workbench(TestDatabase database)
    {
        this.database = database;
        Signer = Services.Signer(ServiceName);
        Source = NpgsqlDataSource.Create(database.ConnectionString);
        Database = new(Source);
        History = new(Database, [], TimeProvider.System, NullLogger<DatabaseHistory>.Instance);
    }

    public string ConnectionString => database.ConnectionString;

    public NpgsqlDataSource Source { get; }

    public Database Database { get; }

    public DatabaseHistory History { get; }

    public ServiceKey ServiceKey { get; } = TestKeys.NewServiceKey();

    public Keyring Keyring { get; private set; } = null!;

    public EntryMac EntryMac => new(Keyring);

    public OutboxMessages Messages { get; } = new(JsonSerializerOptions.Web, [typeof(ItemChanged)]);

    /// <summary>The services of the test and their authority.</summary>
    public ServiceIdentities Services { get; } = new();

    /// <summary>Signs for the service whose parts these are.</summary>
    public MessageSigner Signer { get; }

    public OutboxQueue Handed { get; } = new(TimeProvider.System);

    public AppendedSignal Seal { get; } = new(TimeProvider.System);

    public SealedSignal Sealed { get; } = new(TimeProvider.System);

    public static async Task<Workbench> Create()
    {
        var bench = new Workbench(await TestDatabase.Create());
        await new Migrations(bench.Source, NullLogger<Migrations>.Instance)
            .Apply([typeof(Ledger).Assembly], ["Migrations", "KeyMigrations"], CancellationToken.None);
        await bench.Run("CREATE TABLE items (id uuid PRIMARY KEY, version int NOT NULL, head_hash bytea NOT NULL, mac bytea NOT NULL, "
            + "name text UNIQUE, size int)");
        bench.Keyring = await TestKeys.KeyringIn(bench.Source, bench.ServiceKey);
        await bench.History.Look(CancellationToken.None);
        return bench;
    }

    /// <summary>A ledger that takes appends in and writes them only once it is started.</summary>
    public Ledger Ledger(LedgerOptions? options = null, NpgsqlDataSource? source = null, DatabaseHistory? history = null) => new(
        source ?? Source, [Items], EntryMac, new(Keyring), Messages, Signer, Handed, Seal, history ?? History,
        Options.Create(options ?? new()), Failpoints.None, TimeProvider.System, NullLogger<Ledger>.Instance);

    public Sealer Sealer(LedgerOptions? options = null) => new(Database, Seal, Sealed, signer.Value.Signer,
        Options.Create(options ?? new() { SealInterval = TimeSpan.FromMilliseconds(50) }), EntryMac, TimeProvider.System,
        NullLogger<Sealer>.Instance);

    /// <summary>Starts it, and stops it at the end of the test.</summary>
    public async Task<T> Start<T>(T service)
        where T : IHostedService
    {
        await service.StartAsync(CancellationToken.None);
        running.Add(service);
        return service;
    }

    public Task Run(string sql, params object?[] args) => Database.Execute(sql, args, CancellationToken.None);

    public async Task<T> One<T>(string sql, params object?[] args) =>
        (await Database.Query(sql, args, row => row.GetFieldValue<T>(0), CancellationToken.None)).Single();

    /// <summary>Rows of journal, unsealed, outbox and state together: what one append writes, and a loser must not.</summary>
    public async Task<(long Journal, long Unsealed, long Outbox, long State)> Rows() =>
        (await Database.Query(
            "SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM unsealed), (SELECT count(*) FROM outbox), (SELECT count(*) "
            + "FROM items)",
            [], row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), CancellationToken.None)).Single();

    public static Append Item(Guid id, int version, string? name = null, Guid? command = null, string content = "") => new(
        id, version, command ?? Guid.CreateVersion7(), [1, 2, 3],
            [.. id.ToByteArray(), (byte)version, .. System.Text.Encoding.UTF8.GetBytes(content)],
        TimeProvider.System.GetUtcNow(), new(Items, [name, version]), new ItemChanged(id, version));

    public async Task StopAll()
    {
        foreach (var service in Enumerable.Reverse(running))
            await service.StopAsync(CancellationToken.None);
        running.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAll();
        if (signer.IsValueCreated)
            signer.Value.Dispose();
        await Source.DisposeAsync();
        await database.DisposeAsync();
        Services.Dispose();
    }
}
