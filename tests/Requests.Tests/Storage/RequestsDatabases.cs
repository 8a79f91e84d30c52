using System.Security.Cryptography;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exchange.Requests.Tests;

/// <summary>The database of the service and that of its keys, migrated, with a service key and a ledger that writes.</summary>
sealed class RequestsDatabases : IAsyncDisposable
{
    readonly TestDatabase database;
    readonly TestDatabase keyDatabase;
    readonly NpgsqlDataSource source;
    readonly string keyFile = Path.GetTempFileName();

    RequestsDatabases(TestDatabase database, TestDatabase keyDatabase, TimeProvider clock)
    {
        (this.database, this.keyDatabase) = (database, keyDatabase);
        source = NpgsqlDataSource.Create(database.ConnectionString);
        Keys = NpgsqlDataSource.Create(keyDatabase.ConnectionString);
        File.WriteAllText(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        ServiceKey = new(Options.Create(new KeysOptions { ServiceKey = keyFile }));
        Database = new(source);
        Ledger = LedgerOver(source, clock);
    }

    public Database Database { get; }

    public NpgsqlDataSource Keys { get; }

    public ServiceKey ServiceKey { get; }

    public Ledger Ledger { get; }

    public static async Task<RequestsDatabases> Create(TimeProvider clock)
    {
        var created = new RequestsDatabases(await TestDatabase.Create(), await TestDatabase.Create(), clock);
        await new Migrations(created.source, NullLogger<Migrations>.Instance)
            .Apply([typeof(Migrations).Assembly, typeof(RequestStore).Assembly], "Migrations", default);
        await new Migrations(created.Keys, NullLogger<Migrations>.Instance)
            .Apply([typeof(RequestStore).Assembly], "KeyMigrations", default);
        await created.Ledger.StartAsync(default);
        return created;
    }

    /// <summary>A ledger as the service has it, over a database that is migrated before the ledger is started.</summary>
    public static Ledger LedgerOver(NpgsqlDataSource source, TimeProvider clock) => new(
        source, RequestStore.Tables, new OutboxMessages(ContractJson.Options, typeof(RequestChanged)),
        ServiceIdentities.AnySigner("requests"), new(clock), new(clock),
        new(new(source), [], clock, NullLogger<DatabaseHistory>.Instance), Options.Create(new LedgerOptions()), Failpoints.None, clock,
        NullLogger<Ledger>.Instance);

    public async ValueTask DisposeAsync()
    {
        await Ledger.StopAsync(default);
        Ledger.Dispose();
        await source.DisposeAsync();
        await Keys.DisposeAsync();
        await database.DisposeAsync();
        await keyDatabase.DisposeAsync();
        File.Delete(keyFile);
    }
}
