using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Cli;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Net.Client;
using Npgsql;

namespace Exchange.Requests.Tests;

/// <summary>The tests of documents share one running service.</summary>
[CollectionDefinition(Name)]
public sealed class Documented : ICollectionFixture<DocumentFixture>
{
    public const string Name = "One service that takes documents in";
}

/// <summary>
/// The service as a process, with officers of BY and PL who call it as any client would. Requests are written straight into its
/// journal: what becomes of documents does not depend on how a request came about.
/// </summary>
public sealed class DocumentFixture : IAsyncLifetime
{
    public const string Case = "BY-GPK-2026-00017";

    readonly string folder = Directory.CreateTempSubdirectory("exchange-documents-").FullName;
    readonly List<GrpcChannel> channels = [];
    TestDatabase database = null!;
    TestDatabase keys = null!;
    TestBroker broker = null!;
    NpgsqlDataSource source = null!;
    PkiFolder pki = null!;
    NpgsqlDataSource keySource = null!;
    Keyring keyring = null!;
    RequestKeys requestKeys = null!;
    LookupIndex index = null!;
    StateRows states = null!;
    int filed;

    public ServiceProcess Service { get; private set; } = null!;

    internal Database Database { get; private set; } = null!;

    internal Journal Journal => new(Database, new(keyring));

    internal RequestStore Store { get; private set; } = null!;

    internal Ledger Ledger { get; private set; } = null!;

    internal static Caller Prosecutor { get; } = new()
    {
        State = "BY", Authority = "general-prosecutor", Unit = "international",
        OfficerNumber = "1001", Role = CallerRole.Prosecutor
    };

    public async ValueTask InitializeAsync()
    {
        pki = new(folder, TimeProvider.System);
        pki.Initialise("BY", ["PL", "LT"], []);
        (database, keys, broker) =
            (await TestDatabase.CreateFor("requests"), await TestDatabase.CreateFor("keys"), await TestBroker.Create());
        source = NpgsqlDataSource.Create(database.ConnectionString);
        Database = new(source);
        keySource = NpgsqlDataSource.Create(keys.Serving);
        var serviceKey = TestKeys.ServiceKeyIn(pki.ServiceKey);
        keyring = await RequestsDatabases.KeyringIn(keySource, serviceKey);
        states = TestKeys.StateRows(Database, keyring, new StateRebuild());
        requestKeys = RequestsDatabases.RequestKeysIn(keySource, serviceKey, keyring, TimeProvider.System);
        index = new(keyring);
        Store = new(states, Database, requestKeys, index);
        Ledger = RequestsDatabases.LedgerOver(source, keyring, TimeProvider.System);
        Service = await StartReplica(maxBytes: 4L << 30);
        await Ledger.StartAsync(default);
    }

    /// <summary>Another process of the service over the same databases.</summary>
    /// <param name="maxBytes">The largest document that it takes in.</param>
    internal async Task<ServiceProcess> StartReplica(long maxBytes) => await ServiceProcess.Start("Exchange.Requests",
        new Dictionary<string, string?>
        {
            ["ConnectionStrings__Database"] = database.Serving, ["ConnectionStrings__Keys"] = keys.Serving,
            ["ConnectionStrings__Broker"] = (await broker.UriOf("requests")).AbsoluteUri, ["Broker__Prefix"] = broker.Prefix,
            ["Checkpoints__Key"] = pki.CheckpointKey("requests"),
            ["Identity__Certificate"] = pki.Service("requests") + ".pem", ["Identity__Key"] = pki.Service("requests") + ".key",
            ["Identity__Anchors"] = pki.Anchors, ["Identity__RevocationLists"] = pki.RevocationLists,
            ["Keys__ServiceKey"] = pki.ServiceKey, ["Installation__State"] = "BY", ["Documents__MaxPerRequest"] = "3",
            ["Documents__MaxBytes"] = maxBytes.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });

    /// <summary>A client with a persona's certificate, straight or through a proxy.</summary>
    internal Courier As(string persona, int? port = null)
    {
        channels.Add(TlsChannel.Open(new($"https://localhost:{port ?? Service.GrpcPort}"), pki.Persona(persona) + ".pem",
            pki.Persona(persona) + ".key",
            Path.Combine(pki.Anchors, "service.pem")));
        return new(new(channels[^1]), persona.EndsWith("-pl", StringComparison.Ordinal) ? (Purpose.Execution, "")
            : (Purpose.Investigation, Case));
    }

    internal CaseRegistry.CaseRegistryClient Cases(string persona)
    {
        As(persona);
        return new(channels[^1]);
    }

    /// <summary>The cases of PL as a colleague of its liaison officer keeps them.</summary>
    internal CaseRegistry.CaseRegistryClient CasesOfColleague()
    {
        pki.Issue("exchange://PL/embassy-minsk/liaison/4998?role=liaison", pki.Persona("colleague-pl"), []).Dispose();
        return Cases("colleague-pl");
    }

    /// <summary>An officer of PL who works on no case there.</summary>
    internal Courier Outsider()
    {
        pki.Issue("exchange://PL/other-office/other/4999?role=liaison", pki.Persona("outsider-pl"), []).Dispose();
        return As("outsider-pl");
    }

    /// <summary>A request of BY to PL that stands there.</summary>
    internal async Task<string> File(Status status)
    {
        var id = Guid.CreateVersion7();
        var facts = new RequestFacts
        {
            Reference = $"BY-2026-{Interlocked.Increment(ref filed):000000}", CaseNumber = Case, RequestingState = "BY",
            RequestedState = "PL",
            Channel = Channel.OnExchange, Origin = Origin.OnTheExchange, Status = Status.Draft,
        };
        await Append(null, id,
            new(facts, new(), [])
            {
                Code = status is Status.Draft or Status.Submitted ? StepCode.SaveDraft : StepCode.Transmit,
                Dossier = new() { ApprovedBy = "exchange://BY/general-prosecutor/international/1002?role=prosecutor" },
            });
        if (status is not (Status.Draft or Status.Transmitted))
            await Act(RequestId.NameOf(id), status, (_, _) => { });
        return RequestId.NameOf(id);
    }

    /// <summary>What an act does: another status, and documents that the other side gets with it.</summary>
    internal async Task Act(string request, Status status, Action<RequestDossier, int> hand)
    {
        var before = await Find(request);
        var facts = before.Facts.Clone();
        facts.Status = status;
        var change = RequestChange.Of(before, facts) with
        {
            Code = status switch
            {
                Status.Submitted => StepCode.Submit,
                Status.Transmitted => StepCode.Transmit,
                Status.InExecution => StepCode.StartExecution,
                Status.Executed => StepCode.Execute,
                Status.Closed => StepCode.Close,
                _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No act of a fixture leads there."),
            },
        };
        hand(change.Dossier, before.Version + 1);
        await Append(before, before.Id, change);
    }

    internal Task Transmit(string request) =>
        Act(request, Status.Transmitted, (dossier, version) => dossier.ReleaseAll(Side.RequestingSide, version));

    internal async Task<RequestState> Find(string request) => (await Store.FindNamed([request], null, default))[0];

    internal Task<List<JournalEntry>> Entries(string aggregate) =>
        Database.Query("SELECT entry FROM journal WHERE aggregate_id = $1 ORDER BY version",
        [Guid.Parse(aggregate.Split('/')[^1])], row => RequestState.Parse(row.GetFieldValue<byte[]>(0)), default);

    internal async Task<long> Count(string from, string document) => (await Database.Query(
        $"SELECT count(*) FROM {from} = $1", [Guid.Parse(document.Split('/')[^1])], row => row.GetInt64(0), default)).Single();

    internal Task<int> Execute(string sql, params object[] args) => Database.Execute(sql, args, default);

    /// <summary>Changes a column of a request's row as only the service itself could: with its keys.</summary>
    internal async Task Rewrite(string request, string column, byte[] value)
    {
        var id = Guid.Parse(request.Split('/')[1]);
        var row = (await states.Query(RequestStore.Table, "WHERE id = $1", [id], row => row, default)).Single();
        row.Values[row.Table.Columns.Select(one => one.Name).ToList().IndexOf(column)] = value;
        (await Execute($"UPDATE requests SET {column} = $2, mac = $3 WHERE id = $1", row.Id, value,
            new StateMac(keyring).Of(row.Table, row.Id, row.Version, row.HeadHash, row.Values))).ShouldBe(1);
    }

    internal async Task DestroyKey(string request)
    {
        await using var connection = NpgsqlDataSource.Create(keys.ConnectionString);
        (await new Database(connection)
            .Execute("DELETE FROM request_keys WHERE request_id = $1", [Guid.Parse(request.Split('/')[1])], default)).ShouldBe(1);
    }

    public async ValueTask DisposeAsync()
    {
        channels.ForEach(channel => channel.Dispose());
        await Service.DisposeAsync();
        await Ledger.StopAsync(default);
        await source.DisposeAsync();
        await keySource.DisposeAsync();
        await database.DisposeAsync();
        await keys.DisposeAsync();
        await broker.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    async Task Append(RequestState? before, Guid id, RequestChange change)
    {
        var (command, persona) = (new CommandIdentity(Guid.CreateVersion7(), []), pki.Persona("prosecutor"));
        using var certificate = X509Certificate2.CreateFromPemFile(persona + ".pem", persona + ".key");
        var by = Prosecutor with { Thumbprint = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)) };
        change = SignedSteps.Sign(change, before, id, command, "2026-01-15", by, certificate)
            .EncryptParticulars(await requestKeys.Load(id, default) ?? await requestKeys.Make(id, default), index);
        (await Ledger.Append(change.Compose(before, id, RequestState.ActorOf(by), command, TimeProvider.System.GetUtcNow()), default))
            .ShouldBe(AppendOutcome.Appended);
    }
}
