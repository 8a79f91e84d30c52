using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Exchange.Requests.Tests;

/// <summary>Where registers are handed in: the import over a real database, ledger and key store of its own.</summary>
sealed class RegisterFixture : IAsyncDisposable
{
    readonly RequestsDatabases databases;
    readonly RegisterImport import;

    RegisterFixture(RequestsDatabases databases, FakeTimeProvider clock)
    {
        (this.databases, Clock) = (databases, clock);
        Keys = RequestsDatabases.RequestKeysIn(databases.Keys, databases.ServiceKey, databases.Keyring, Clock);
        Index = new(databases.Keyring);
        Store = new(databases.States, Database, Keys, Index);
        Vault = new(databases.ServiceKey, databases.Keys);
        import = new(Database, Store, Vault, Keys, Index, new(databases.Keyring), Ledger, RegisterText.Reference,
            Options.Create(new RequestsOptions()), Clock, NullLogger<RegisterImport>.Instance);
    }

    public static Caller Prosecutor { get; } = new()
    {
        State = "BY", Authority = "general-prosecutor", Unit = "international",
        OfficerNumber = "1001", Role = CallerRole.Prosecutor
    };

    public FakeTimeProvider Clock { get; }

    public Database Database => databases.Database;

    public Database Administrator => databases.Administrator;

    public RequestStore Store { get; }

    public RequestKeys Keys { get; }

    public LookupIndex Index { get; }

    public SubjectVault Vault { get; }

    public RegisterFingerprint Fingerprints => new(databases.Keyring);

    public Ledger Ledger => databases.Ledger;

    public static async Task<RegisterFixture> Open()
    {
        var clock = new FakeTimeProvider(new(2009, 3, 1, 9, 0, 0, TimeSpan.Zero));
        return new(await RequestsDatabases.Create(clock), clock);
    }

    /// <summary>The same databases under another service key; this fixture is of no use any more, and closes with the other.</summary>
    public async Task<RegisterFixture> AfterRotation()
    {
        await databases.RotateKeys(Clock);
        return new(databases, Clock);
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
    /// <summary>Destroys all keys of requests and subjects, as erasure does.</summary>
    public Task DestroyKeys() => new Database(databases.Keys).Execute(
        "WITH gone AS (DELETE FROM subject_keys) DELETE FROM request_keys", [], default);

    public async Task<long> CountKeys() => (await new Database(databases.Keys).Query(
        "SELECT (SELECT count(*) FROM request_keys) + (SELECT count(*) FROM subject_keys)", [], row => row.GetInt64(0), default)).Single();

    public async Task<string> Dump() => await Dump(Database) + await Dump(new(databases.Keys));

    public ValueTask DisposeAsync() => databases.DisposeAsync();

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
