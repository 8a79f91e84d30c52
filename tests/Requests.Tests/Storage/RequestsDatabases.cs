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
    readonly DirectoryInfo keyFolder = Directory.CreateTempSubdirectory("exchange-keys-");
    string keyFile;

    RequestsDatabases(TestDatabase database, TestDatabase keyDatabase)
    {
        (this.database, this.keyDatabase) = (database, keyDatabase);
        source = NpgsqlDataSource.Create(database.Serving);
        Keys = NpgsqlDataSource.Create(keyDatabase.Serving);
        Administrator = new(NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }));
        Database = new(source);
        keyFile = NewKeyFile();
        ServiceKey = TestKeys.ServiceKeyIn(keyFile);
    }

    /// <summary>The database as the service reaches it.</summary>
    public Database Database { get; }

    /// <summary>The database as somebody reaches it who may do anything there.</summary>
    public Database Administrator { get; }

    public NpgsqlDataSource Keys { get; }

    public ServiceKey ServiceKey { get; private set; } = null!;

    public Keyring Keyring { get; private set; } = null!;

    public StateRows States { get; private set; } = null!;

    public Ledger Ledger { get; private set; } = null!;

    public static async Task<RequestsDatabases> Create(TimeProvider clock)
    {
        var created = new RequestsDatabases(await TestDatabase.CreateFor("requests"), await TestDatabase.CreateFor("keys"));
        await created.Open(clock);
        return created;
    }

    /// <summary>As an operator does it, with the old key beside the new one; the keyring's new versions are then in use.</summary>
    public async Task RotateKeys(TimeProvider clock)
    {
        var old = keyFile;
        keyFile = NewKeyFile();
        await Rotate(keyFile, old);
        await new Database(Keys).Execute("UPDATE keyring SET created_at = created_at - interval '1 hour'", [], default);
        ServiceKey = TestKeys.ServiceKeyIn(keyFile);
        await Ledger.StopAsync(default);
        Ledger.Dispose();
        await Open(clock);
    }

    /// <summary>Wraps every key by one service key that was wrapped by another.</summary>
    public Task Rotate(string newKeyFile, string oldKeyFile)
    {
        var rotating = TestKeys.ServiceKeyIn(newKeyFile, oldKeyFile);
        return new KeyRotation(rotating, new(rotating, Keys, Purposes), Keys, [RequestKeys.Wrapped, SubjectVault.Wrapped],
            NullLogger<KeyRotation>.Instance).Run(default);
    }

    /// <summary>The file of the service key in use.</summary>
    public string KeyFile => keyFile;

    /// <summary>A file with a service key that nobody had before.</summary>
    public string NewKeyFile()
    {
        var file = Path.Combine(keyFolder.FullName, $"{Guid.CreateVersion7()}.key");
        File.WriteAllText(file, Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        return file;
    }

    static KeyPurpose[] Purposes =>
        [
            EntryMac.Key, new(StateMac.Purpose), new(CommandDigest.Purpose), RegisterFingerprint.Rows, RegisterFingerprint.Ids,
            LookupIndex.Purpose,
        ];

    async Task Open(TimeProvider clock)
    {
        Keyring = await KeyringIn(Keys, ServiceKey);
        States = TestKeys.StateRows(Database, Keyring, new StateRebuild());
        Ledger = LedgerOver(source, Keyring, clock);
        await Ledger.StartAsync(default);
    }

    /// <summary>The keyring of the service in its key database.</summary>
    public static Task<Keyring> KeyringIn(NpgsqlDataSource keys, ServiceKey serviceKey) =>
        TestKeys.KeyringIn(keys, serviceKey, Purposes);

    /// <summary>The keys of requests in that database.</summary>
    public static RequestKeys RequestKeysIn(NpgsqlDataSource keys, ServiceKey serviceKey, Keyring keyring, TimeProvider clock) =>
        new(serviceKey, new(keyring), keys, new(keys, clock, NullLogger<RequestKeyWriter>.Instance));

    /// <summary>A ledger as the service has it, over a database that is migrated before the ledger is started.</summary>
    public static Ledger LedgerOver(NpgsqlDataSource source, Keyring keyring, TimeProvider clock) => new(
        source, RequestStore.Tables, new(keyring), new(keyring), new OutboxMessages(ContractJson.Options, typeof(RequestChanged)),
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
        keyFolder.Delete(recursive: true);
    }
}
