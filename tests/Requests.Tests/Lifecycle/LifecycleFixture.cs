using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Exchange.Requests.Tests;

/// <summary>Step and draft handlers over a database, ledger and key store of their own, and officers of three states.</summary>
sealed class LifecycleFixture : IAsyncDisposable
{
    readonly TestDatabase database;
    readonly TestDatabase keyDatabase;
    readonly NpgsqlDataSource source;
    readonly NpgsqlDataSource keySource;
    readonly string keyFile = Path.GetTempFileName();

    LifecycleFixture(TestDatabase database, TestDatabase keyDatabase)
    {
        (this.database, this.keyDatabase) = (database, keyDatabase);
        source = NpgsqlDataSource.Create(database.ConnectionString);
        keySource = NpgsqlDataSource.Create(keyDatabase.ConnectionString);
        File.WriteAllText(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        var serviceKey = new ServiceKey(Options.Create(new KeysOptions { ServiceKey = keyFile }));
        Database = new(source);
        Store = new(Database);
        Cases = new(Database);
        Journal = new(Database);
        Keys = new(serviceKey, keySource, new(keySource, Clock, NullLogger<RequestKeyWriter>.Instance));
        Vault = new(serviceKey, keySource);
        Ledger = new(source, RequestStore.Tables, new OutboxMessages(ContractJson.Options, typeof(RequestChanged)),
            new(Clock), new(Clock), new(Database, [], Clock, NullLogger<DatabaseHistory>.Instance),
            Options.Create(new LedgerOptions()), Failpoints.None, Clock, NullLogger<Ledger>.Instance);
        var commands = new CommandHandler(Journal, Ledger);
        Steps = new(Store, Cases, Vault, Keys, commands, Journal, Reference, Options.Create(new RequestsOptions()), Clock);
        Drafts = DraftsAt("BY");
        FollowUps = new(Store, commands, Clock, NullLogger<FollowUpSteps>.Instance);
    }

    public static ReferenceData Reference { get; } = ReferenceData.Load();

    public static Clerk Investigator { get; } = new("BY", "ministry-of-interior/trafficking/2001", CallerRole.Investigator);

    public static Clerk Prosecutor { get; } = new("BY", "general-prosecutor/international/1001", CallerRole.Prosecutor);

    public static Clerk SecondProsecutor { get; } = new("BY", "general-prosecutor/international/1002", CallerRole.Prosecutor);

    public static Clerk Liaison { get; } = new("PL", "embassy-minsk/liaison/4001", CallerRole.Liaison);

    public static Clerk SecondLiaison { get; } = new("PL", "embassy-minsk/liaison/4002", CallerRole.Liaison);

    public static Clerk Stranger { get; } = new("LT", "embassy-minsk/liaison/5001", CallerRole.Liaison);

    public FakeTimeProvider Clock { get; } = new(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    public Database Database { get; }

    public RequestStore Store { get; }

    public CaseStore Cases { get; }

    public Journal Journal { get; }

    public RequestKeys Keys { get; }

    public SubjectVault Vault { get; }

    public Ledger Ledger { get; }

    public StepHandler Steps { get; }

    public DraftHandler Drafts { get; }

    public FollowUpSteps FollowUps { get; }

    /// <summary>Where drafts are opened at the installation of a state.</summary>
    public DraftHandler DraftsAt(string state) => new(Store, Cases, Keys, new(Journal, Ledger), new(Database, Clock), Reference,
        Options.Create(new InstallationOptions { State = state }), Clock);

    public static async Task<LifecycleFixture> Open()
    {
        var fixture = new LifecycleFixture(await TestDatabase.Create(), await TestDatabase.Create());
        await new Migrations(fixture.source, NullLogger<Migrations>.Instance)
            .Apply([typeof(Migrations).Assembly, typeof(RequestStore).Assembly], "Migrations", default);
        await new Migrations(fixture.keySource, NullLogger<Migrations>.Instance)
            .Apply([typeof(RequestStore).Assembly], "KeyMigrations", default);
        await fixture.Ledger.StartAsync(default);
        return fixture;
    }

    /// <summary>A draft of the investigator.</summary>
    public async Task<RequestState> Draft(string supersedes = "") => (await Drafts.Open(
        new() { Letter = Letters.Complete("UNTOC-2000"), Supersedes = supersedes, CommandId = Officer.NewId() }, Investigator.Caller,
            default)).State;

    /// <summary>A letter that the partner has.</summary>
    public async Task<RequestState> Sent(Channel channel = Channel.OnExchange)
    {
        var draft = await Draft();
        await Take(draft.Id, Investigator, act => act.Submit = new());
        await Take(draft.Id, Prosecutor, act => act.Approve = new() { LetterHash = Hash(draft) });
        return await Take(draft.Id, Prosecutor, act => act.Transmit = new() { LetterHash = Hash(draft), Channel = channel });
    }

    public static ByteString Hash(RequestState state) => ByteString.CopyFrom(LetterHash.Of(state.Dossier, state.Subjects));

    /// <summary>Takes a step on the request as it stands, signed.</summary>
    public async Task<RequestState> Take(Guid id, Clerk clerk, Action<Act> step) => await Take(await Known(id), clerk, step);

    /// <summary>Takes a step on the request as it was seen, signed.</summary>
    public async Task<RequestState> Take(RequestState seen, Clerk clerk, Action<Act> step)
    {
        var act = ActOn(seen, step);
        return (await Steps.Take(act, clerk.Sign(act), clerk.Caller, default)).State;
    }

    /// <summary>The reason of the refusal that the step meets.</summary>
    public async Task<string> Refused(Guid id, Clerk clerk, Action<Act> step) =>
        (await Should.ThrowAsync<Refusal>(() => Take(id, clerk, step))).Reason;

    public static Act ActOn(RequestState seen, Action<Act> step)
    {
        var act = new Act { Request = RequestState.NameOf(seen.Id), Etag = seen.Etag, CommandId = Officer.NewId() };
        step(act);
        return act;
    }

    public async Task<RequestState> Known(Guid id) => (await Store.Find([id], null, default))[id];

    public async Task<List<JournalEntry>> Entries(Guid id) =>
        [.. (await Journal.OfAggregate(id, default)).Select(row => RequestState.Parse(row.Entry))];

    /// <summary>All that a refused step must leave as it was.</summary>
    public async Task<string> Everything() => string.Join('\n', await Database.Query(
        "SELECT t::text FROM requests t UNION ALL SELECT count(*)::text FROM journal UNION ALL SELECT count(*)::text FROM outbox", [],
            row => row.GetString(0), default));

    /// <summary>A number out of the database of the keys.</summary>
    public async Task<long> CountKeys(string table) =>
        (await new Database(keySource).Query($"SELECT count(*) FROM {table}", [], row => row.GetInt64(0), default)).Single();

    /// <summary>Destroys the key of a request, as erasure does.</summary>
    public async Task DestroyKey(Guid request) =>
        (await new Database(keySource).Execute("DELETE FROM request_keys WHERE request_id = $1", [request], default)).ShouldBe(1);

    public async ValueTask DisposeAsync()
    {
        await Ledger.StopAsync(default);
        await source.DisposeAsync();
        await keySource.DisposeAsync();
        await database.DisposeAsync();
        await keyDatabase.DisposeAsync();
        File.Delete(keyFile);
    }
}

/// <summary>An officer with a certificate and its key.</summary>
sealed class Clerk
{
    readonly X509Certificate2 certificate;

    public Clerk(string state, string place, string role)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        certificate = new CertificateRequest("CN=officer", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var parts = place.Split('/');
        Caller = new()
        {
            State = state, Authority = parts[0], Unit = parts[1], OfficerNumber = parts[2], Role = role,
            Thumbprint = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)),
        };
    }

    public Caller Caller { get; }

    public Signature Sign(Act act) => Officer.Sign(act, certificate);
}
