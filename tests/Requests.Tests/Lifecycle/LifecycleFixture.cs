using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Exchange.Requests.Tests;

/// <summary>Step and draft handlers over a database, ledger and key store of their own, and officers of three states.</summary>
sealed class LifecycleFixture : IAsyncDisposable
{
    readonly RequestsDatabases databases;

    LifecycleFixture(RequestsDatabases databases, FakeTimeProvider clock)
    {
        (this.databases, Clock) = (databases, clock);
        Keys = RequestsDatabases.RequestKeysIn(databases.Keys, databases.ServiceKey, databases.Keyring, Clock);
        Index = new(databases.Keyring);
        Store = new(databases.States, Database, Keys, Index);
        Cases = new(databases.States, Keys, Index);
        Journal = new(Database, new(databases.Keyring));
        Vault = new(databases.ServiceKey, databases.Keys);
        var commands = new CommandHandler(Journal, Ledger);
        Steps = new(Store, Cases, Vault, Keys, Index, commands, Journal, Reference, Options.Create(new RequestsOptions()), Clock);
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

    public FakeTimeProvider Clock { get; }

    public Database Database => databases.Database;

    public Database Administrator => databases.Administrator;

    public StateRows States => databases.States;

    public RequestStore Store { get; }

    public CaseStore Cases { get; }

    public Journal Journal { get; }

    public RequestKeys Keys { get; }

    public LookupIndex Index { get; }

    public SubjectVault Vault { get; }

    public Ledger Ledger => databases.Ledger;

    public StepHandler Steps { get; }

    public DraftHandler Drafts { get; }

    public FollowUpSteps FollowUps { get; }

    /// <summary>Where drafts are opened at the installation of a state.</summary>
    public DraftHandler DraftsAt(string state) => new(Store, Cases, Keys, Index, new(Journal, Ledger), new(Database, Clock), Reference,
        Options.Create(new InstallationOptions { State = state }), Clock);

    public static async Task<LifecycleFixture> Open()
    {
        var clock = new FakeTimeProvider(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        return new(await RequestsDatabases.Create(clock), clock);
    }

    /// <summary>The same databases under another service key; this fixture is of no use any more, and closes with the other.</summary>
    public async Task<LifecycleFixture> AfterRotation()
    {
        await databases.RotateKeys(Clock);
        return new(databases, Clock);
    }

    /// <summary>A draft of the investigator.</summary>
    public async Task<RequestState> Draft(string supersedes = "") => (await Drafts.Open(
        new() { Letter = Letters.Complete("UNTOC-2000"), Supersedes = supersedes, CommandId = Officer.NewId() }, Investigator.Caller,
        default)).State;

    /// <summary>A case of the prosecutor's unit, restricted to it, as it is stored.</summary>
    public async Task<CaseKept> RestrictedCase(Guid id, string number) => CaseState.ToStore(
        "BY", restricted: true, new() { Number = number, Lead = "general-prosecutor/international" }, await Keys.Make(id, default), Index);

    /// <summary>A letter that the partner has.</summary>
    public async Task<RequestState> Sent(Channel channel = Channel.OnExchange) => await Sent(await Draft(), channel);

    /// <summary>A draft that was approved and transmitted.</summary>
    public async Task<RequestState> Sent(RequestState draft, Channel channel = Channel.OnExchange)
    {
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
        var act = ActOn(seen, taken =>
        {
            taken.Etag = RequestState.EtagOf(seen.VersionSeenBy(clerk.Caller));
            step(taken);
        });
        return (await Steps.Take(clerk.Sign(act), clerk.Caller, default)).State;
    }

    /// <summary>The reason of the refusal that the step meets.</summary>
    public async Task<string> Refused(Guid id, Clerk clerk, Action<Act> step) =>
        (await Should.ThrowAsync<Refusal>(() => Take(id, clerk, step))).Reason;

    public static Act ActOn(RequestState seen, Action<Act> step)
    {
        var act = new Act { Request = RequestId.NameOf(seen.Id), Etag = seen.Etag, CommandId = Officer.NewId() };
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
        (await new Database(databases.Keys).Query($"SELECT count(*) FROM {table}", [], row => row.GetInt64(0), default)).Single();

    /// <summary>Changes the row of a request and an entry that it could be made anew from.</summary>
    public async Task Damage(Guid request)
    {
        (await Administrator.Execute("UPDATE requests SET facts = facts || '\\x00'::bytea WHERE id = $1", [request], default)).ShouldBe(1);
        (await Administrator.Execute(
            "UPDATE journal SET entry = entry || '\\x00'::bytea WHERE aggregate_id = $1 AND version = 1", [request], default)).ShouldBe(1);
    }

    /// <summary>Destroys the key of a request, as erasure does.</summary>
    public async Task DestroyKey(Guid request) =>
        (await new Database(databases.Keys).Execute("DELETE FROM request_keys WHERE request_id = $1", [request], default)).ShouldBe(1);

    public ValueTask DisposeAsync() => databases.DisposeAsync();
}

/// <summary>An officer with a certificate and its key.</summary>
sealed class Clerk
{
    readonly X509Certificate2 certificate;

    public Clerk(string state, string place, string role)
    {
        var parts = place.Split('/');
        var officer = new Caller { State = state, Authority = parts[0], Unit = parts[1], OfficerNumber = parts[2], Role = role };
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = new CertificateRequest("CN=officer", key, HashAlgorithmName.SHA256);
        // By hand: the builder takes a Uri, and a Uri writes the state in lower case.
        var names = new AsnWriter(AsnEncodingRules.DER);
        using (names.PushSequence())
            names.WriteCharacterString(UniversalTagNumber.IA5String, $"{officer}", new(TagClass.ContextSpecific, 6));
        asked.CertificateExtensions.Add(new X509SubjectAlternativeNameExtension(names.Encode()));
        certificate = asked.CreateSelfSigned(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Caller = officer with { Thumbprint = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)) };
    }

    public Caller Caller { get; }

    public TakeStepRequest Sign(Act act) => Officer.Sign(act, certificate);
}
