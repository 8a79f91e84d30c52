using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Cli;
using Exchange.Client;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Net.Client;
using Npgsql;

namespace Exchange.Requests.Tests;

/// <summary>
/// Two replicas of the service over one database, officers of two states, and a ledger beside them through which a test
/// takes steps that the replicas then seal and tell.
/// </summary>
public sealed class InboxFixture : IAsyncLifetime, IAsyncDisposable
{
    const string Day = "2026-03-02";

    readonly string folder = Directory.CreateTempSubdirectory("exchange-inbox-").FullName;
    readonly PkiFolder pki;
    readonly List<GrpcChannel> channels = [];
    TestDatabase requests = null!;
    TestDatabase keys = null!;
    TestBroker broker = null!;
    NpgsqlDataSource source = null!;
    NpgsqlDataSource keySource = null!;
    RequestKeys requestKeys = null!;
    Ledger ledger = null!;
    int officers;

    public InboxFixture() => pki = new(Path.Combine(folder, "pki"), TimeProvider.System);

    /// <summary>The second ends every watch after two seconds.</summary>
    internal ServiceProcess[] Replicas { get; private set; } = [];

    internal Database Database { get; private set; } = null!;

    internal StateRows States { get; private set; } = null!;

    internal RequestStore Store { get; private set; } = null!;

    internal LookupIndex Index { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        pki.Initialise("BY", ["PL"], []);
        (requests, keys, broker) =
            (await TestDatabase.CreateFor("requests"), await TestDatabase.CreateFor("keys"), await TestBroker.Create());
        var first = await Start("00:10:00");
        Replicas = [first, await Start("00:00:02")];
        source = NpgsqlDataSource.Create(requests.ConnectionString);
        Database = new(source);
        keySource = NpgsqlDataSource.Create(keys.Serving);
        var serviceKey = TestKeys.ServiceKeyIn(pki.ServiceKey);
        var keyring = await RequestsDatabases.KeyringIn(keySource, serviceKey);
        requestKeys = RequestsDatabases.RequestKeysIn(keySource, serviceKey, keyring, TimeProvider.System);
        Index = new(keyring);
        States = TestKeys.StateRows(Database, keyring, new StateRebuild());
        Store = new(States, Database, requestKeys, Index);
        ledger = RequestsDatabases.LedgerOver(source, keyring, TimeProvider.System);
        await ledger.StartAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in channels)
            channel.Dispose();
        foreach (var replica in Replicas)
            await replica.DisposeAsync();
        await ledger.StopAsync(default);
        ledger.Dispose();
        await source.DisposeAsync();
        await keySource.DisposeAsync();
        await requests.DisposeAsync();
        await keys.DisposeAsync();
        await broker.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>An officer nobody was before, with a certificate.</summary>
    internal Caller Appoint(string state = "BY", string role = "prosecutor", string unit = "international")
    {
        var number = $"{++officers}";
        var identity = $"exchange://{state}/general-prosecutor/{unit}/{number}?role={role}";
        CallerUri.TryParse(identity, CallerRole.OfOfficers, out var caller, out _).ShouldBeTrue();
        pki.Issue(identity, FileOf(caller!), []).Dispose();
        return caller!;
    }

    /// <summary>A connection of its own through a port of this machine.</summary>
    internal GrpcChannel Connect(Caller officer, int port) =>
        TlsChannel.Open(new($"https://localhost:{port}"), FileOf(officer) + ".pem", FileOf(officer) + ".key",
            Path.Combine(pki.Anchors, "service.pem"));

    internal OfficerInbox.OfficerInboxClient As(Caller officer, int replica = 0) => new(Kept(Connect(officer, Replicas[replica].GrpcPort)));

    internal RequestRegistry.RequestRegistryClient Registry(Caller officer) => new(Kept(Connect(officer, Replicas[0].GrpcPort)));

    internal CaseRegistry.CaseRegistryClient Cases(Caller officer) => new(Kept(Connect(officer, Replicas[0].GrpcPort)));

    internal DocumentExchange.DocumentExchangeClient Documents(Caller officer) => new(Kept(Connect(officer, Replicas[0].GrpcPort)));

    internal Officer AtHisDesk(Caller officer) => new(FileOf(officer) + ".pem", FileOf(officer) + ".key", Registry(officer));

    /// <summary>A draft of an officer, told to nobody: it only gives the request an id and a first version.</summary>
    internal async Task<RequestState> Draft(Caller author, string to = "PL", string caseNumber = "case-1")
    {
        var id = Guid.CreateVersion7();
        RequestFacts facts = new()
        {
            Reference = $"{author.State}-{id:N}", CaseNumber = caseNumber, RequestingState = author.State, RequestedState = to,
            Urgency = Urgency.Urgent,
            Channel = Channel.OnExchange, Status = Status.Draft, Origin = Origin.OnTheExchange,
        };
        return await Append(null, id,
            new(facts, new(), [new() { OccurredOn = "2026-03-01", LetterWritten = new() }]) { Code = StepCode.SaveDraft }, author);
    }

    /// <summary>A request on its way.</summary>
    internal async Task<RequestState> Transmitted(Caller author, string to = "PL", string caseNumber = "case-1") =>
        await Take(await Draft(author, to, caseNumber), StepCode.Transmit, author);

    /// <summary>Takes a step as it would stand in the journal.</summary>
    internal Task<RequestState> Take(
        RequestState before, StepCode code, Caller by, Status? status = null, Action<RequestFacts>? facts = null, Step? step = null,
        Assignment? assign = null, Signature? signature = null)
    {
        var after = before.Facts.Clone();
        after.Status = status ?? after.Status;
        facts?.Invoke(after);
        var change = RequestChange.Of(before, after, step ?? new() { OccurredOn = Day });
        return Append(before, before.Id, change with
        {
            Code = code,
            EncryptedLetter = null,
            Signature = signature,
            Assignments = assign is null ? before.Assignments : [.. before.Assignments, assign],
        }, by);
    }

    /// <summary>The officer takes a rung for the request, as it stands in the journal once Tracking has told of it.</summary>
    internal Task<RequestState> Remind(RequestState before, Caller by, Rung rung, string day)
    {
        using var certificate = CertificateOf(by);
        var signature = Officer.SignRung(new()
        {
            Partner = before.Facts.RequestedState, Rung = rung, Requests = { before.Facts.Request }, CommandId = Officer.NewId(),
        }, certificate).Signature;
        return Take(before, StepCode.Remind, by, facts: facts => facts.Reminders.Add(new Reminder { Rung = rung, RemindedOn = day }),
            step: new()
            {
                OccurredOn = day, Reminded = new() { Rung = rung, Taken = RungSigning.Prefix + RungSigning.IdOf(signature) },
            }, signature: signature);
    }

    /// <summary>Waits until all that was appended is sealed and in the inbox.</summary>
    /// <returns>The last number.</returns>
    internal async Task<long> Settled()
    {
        await Eventually.Holds(async () => (await Number("SELECT count(*) FROM unsealed")).ShouldBe(0));
        var head = await Number("SELECT coalesce(max(sealed_no), 0) FROM seal");
        await Eventually.Holds(async () => (await Number("SELECT sealed_no FROM positions WHERE source = 'inbox'"))
            .ShouldBeGreaterThanOrEqualTo(head));
        return head;
    }

    /// <summary>These versions' places in the sealed order, in that order.</summary>
    internal async Task<List<(long SealedNo, string Request, int Version)>> Sealed(IEnumerable<RequestState> versions)
    {
        var wanted = versions.Select(v => (v.Id, v.Version)).ToHashSet();
        var all = await Database.Query("SELECT sealed_no, aggregate_id, version FROM seal ORDER BY sealed_no", [],
            row => (No: row.GetInt64(0), Id: row.GetGuid(1), Version: row.GetInt32(2)), default);
        return [.. all.Where(s => wanted.Contains((s.Id, s.Version))).Select(s => (s.No, RequestId.NameOf(s.Id), s.Version))];
    }

    /// <summary>How many requests and cases have a key.</summary>
    internal async Task<long> CountKeys() =>
        (await new Database(keySource).Query("SELECT count(*) FROM request_keys", [], row => row.GetInt64(0), default)).Single();

    /// <summary>Destroys the key of a request or a case, as erasure does.</summary>
    internal async Task DestroyKey(Guid id) =>
        (await new Database(keySource).Execute("DELETE FROM request_keys WHERE request_id = $1", [id], default)).ShouldBe(1);

    async Task<long> Number(string sql) => (await Database.Query(sql, [], row => row.GetInt64(0), default)).Single();

    async Task<RequestState> Append(RequestState? before, Guid id, RequestChange change, Caller by)
    {
        var command = new CommandIdentity(Guid.CreateVersion7(), [1]);
        using var certificate = CertificateOf(by);
        by = by with { Thumbprint = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)) };
        change = SignedSteps.Sign(change, before, id, command, Day, by, certificate)
            .EncryptParticulars(before is null ? await requestKeys.Make(id, default) : before.Key!, Index);
        var append = change.Compose(before, id, RequestState.ActorOf(by), command, TimeProvider.System.GetUtcNow());
        (await ledger.Append(append, default)).ShouldBe(AppendOutcome.Appended);
        return RequestState.After(append, change);
    }

    async Task<ServiceProcess> Start(string watchLimit) => await ServiceProcess.Start("Exchange.Requests", new Dictionary<string, string?>
    {
        ["ConnectionStrings__Database"] = requests.Serving,
        ["ConnectionStrings__Keys"] = keys.Serving,
        ["ConnectionStrings__Broker"] = (await broker.UriOf("requests")).AbsoluteUri,
        ["Broker__Prefix"] = broker.Prefix,
        ["Checkpoints__Key"] = pki.CheckpointKey("requests"),
        ["Identity__Certificate"] = pki.Service("requests") + ".pem",
        ["Identity__Key"] = pki.Service("requests") + ".key",
        ["Identity__Anchors"] = pki.Anchors,
        ["Keys__ServiceKey"] = pki.ServiceKey,
        ["Installation__State"] = "BY",
        // Nobody here tells the replicas that something was appended, so they look often.
        ["Ledger__SealInterval"] = "00:00:00.050",
        ["Inbox__LookInterval"] = "00:00:00.050",
        ["Inbox__Heartbeat"] = "00:00:00.200",
        ["Inbox__WatchLimit"] = watchLimit,
    });

    X509Certificate2 CertificateOf(Caller officer) =>
        X509Certificate2.CreateFromPemFile(FileOf(officer) + ".pem", FileOf(officer) + ".key");

    string FileOf(Caller officer) => pki.Persona($"{officer.State}-{officer.OfficerNumber}");

    GrpcChannel Kept(GrpcChannel channel)
    {
        channels.Add(channel);
        return channel;
    }
}
