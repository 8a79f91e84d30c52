using System.Security.Cryptography;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Exchange.Requests.Tests;

/// <summary>Where registers are handed in: the import over a real database, ledger and key store of its own.</summary>
sealed class RegisterFixture : IAsyncDisposable
{
    readonly TestDatabase database;
    readonly TestDatabase keys;
    readonly NpgsqlDataSource source;
    readonly NpgsqlDataSource keySource;
    readonly RegisterImport import;
    readonly string keyFile = Path.GetTempFileName();

    RegisterFixture(TestDatabase database, TestDatabase keys)
    {
        (this.database, this.keys) = (database, keys);
        source = NpgsqlDataSource.Create(database.ConnectionString);
        keySource = NpgsqlDataSource.Create(keys.ConnectionString);
        File.WriteAllText(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        Database = new(source);
        Store = new(Database);
        Vault = new(new(Options.Create(new KeysOptions { ServiceKey = keyFile })), keySource);
        Ledger = new(source, RequestStore.Tables, new OutboxMessages(ContractJson.Options, typeof(RequestChanged)),
            new(Clock), new(Clock), new(Database, [], Clock, NullLogger<DatabaseHistory>.Instance),
            Options.Create(new LedgerOptions()), Failpoints.None, Clock, NullLogger<Ledger>.Instance);
        import = new(Database, Store, Vault, Ledger, RegisterText.Reference, Options.Create(new RequestsOptions()), Clock,
            NullLogger<RegisterImport>.Instance);
    }

    public static Caller Prosecutor { get; } = new()
    {
        State = "BY", Authority = "general-prosecutor", Unit = "international",
        OfficerNumber = "1001", Role = CallerRole.Prosecutor
    };

    public FakeTimeProvider Clock { get; } = new(new(2009, 3, 1, 9, 0, 0, TimeSpan.Zero));

    public Database Database { get; }

    public RequestStore Store { get; }

    public SubjectVault Vault { get; }

    public Ledger Ledger { get; }

    public static async Task<RegisterFixture> Open()
    {
        var fixture = new RegisterFixture(await TestDatabase.Create(), await TestDatabase.Create());
        await new Migrations(fixture.source, NullLogger<Migrations>.Instance)
            .Apply([typeof(Migrations).Assembly, typeof(RequestStore).Assembly], "Migrations", default);
        await new Migrations(fixture.keySource, NullLogger<Migrations>.Instance)
            .Apply([typeof(RequestStore).Assembly], "KeyMigrations", default);
        await fixture.Ledger.StartAsync(default);
        return fixture;
    }

    /// <summary>Hands in rows below their headers; without <paramref name="subjects"/> that file is left out.</summary>
    public Task<Handed> Import(string[] requests, string[]? subjects = null, string observedUntil = "2008-12-31") =>
        HandIn(RegisterStream.Of(observedUntil, requests, subjects), keep: true);

    public Task<Handed> Check(string[] requests, string[]? subjects = null) =>
        HandIn(RegisterStream.Of("2008-12-31", requests, subjects), keep: false);

    public async Task<Handed> HandIn(IAsyncStreamReader<ImportRegisterRequest> stream, bool keep)
    {
        List<ImportRegisterResponse> messages = [];
        var report = await import.Run(stream, Prosecutor, keep, message =>
        {
            messages.Add(message);
            return Task.CompletedTask;
        }, CancellationToken.None);
        return new(report, messages);
    }

    public async Task<RequestState?> Known(string reference = "BY-2005-000001") =>
        (await Store.FindByReference([("BY", reference)], default)).GetValueOrDefault(("BY", reference));

    /// <summary>Every journal entry of a request, oldest first.</summary>
    public Task<List<JournalEntry>> Entries(Guid id) => Database.Query(
        "SELECT entry FROM journal WHERE aggregate_id = $1 ORDER BY version", [id], row =>
            RequestState.Parse(row.GetFieldValue<byte[]>(0)), default);

    public async Task<long> Count(string table) =>
        (await Database.Query($"SELECT count(*) FROM {table}", [], row => row.GetInt64(0), default)).Single();

    /// <summary>Every row of every table of both databases, as text.</summary>
    public async Task<string> Dump() => await Dump(Database) + await Dump(new(keySource));

    public async ValueTask DisposeAsync()
    {
        await Ledger.StopAsync(default);
        await source.DisposeAsync();
        await keySource.DisposeAsync();
        await database.DisposeAsync();
        await keys.DisposeAsync();
        File.Delete(keyFile);
    }

    static async Task<string> Dump(Database database)
    {
        var tables = await database.Query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", [], row => row.GetString(0),
            default);
        var rows = new List<string>();
        foreach (var table in tables)
            rows.AddRange(await database.Query($"SELECT t::text FROM {table} t", [], row => row.GetString(0), default));
        return string.Join('\n', rows);
    }
}

/// <summary>What came back.</summary>
sealed record Handed(RegisterReport Report, List<ImportRegisterResponse> Messages)
{
    public List<string> Remarks =>
        [.. Messages.Where(m => m.Remark is not null).Select(m => $"{m.Remark.File} {m.Remark.Row} {m.Remark.Code}")
        .Order(StringComparer.Ordinal)];
}
