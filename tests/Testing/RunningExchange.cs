using System.Security.Cryptography.X509Certificates;
using Exchange.Platform;
using Grpc.Net.Client;

namespace Exchange.Testing;

/// <summary>
/// The whole exchange as an authority runs it: three services as processes with databases, a broker, certificates and a
/// command line of their own. Nothing in it is shared with another test class.
/// </summary>
public sealed class RunningExchange : IAsyncDisposable
{
    readonly List<IAsyncDisposable> parts = [];
    readonly string pki;
    readonly IReadOnlyDictionary<string, string?> settings;
    readonly Dictionary<string, List<ServiceProcess>> replicas = [];
    readonly ServerAddresses? servers;
    readonly Dictionary<string, TestDatabase> databases = [];

    RunningExchange(string home, string state, IReadOnlyDictionary<string, string?> settings, ServerAddresses? servers)
    {
        (this.settings, this.servers) = (settings, servers);
        Home = home;
        State = state;
        pki = Path.Combine(home, "pki");
    }

    /// <summary>The folder the command line is set up in.</summary>
    public string Home { get; }

    /// <summary>The state whose authority runs it.</summary>
    public string State { get; }

    /// <summary>The process of Requests; the first where there are several.</summary>
    public ServiceProcess Requests => replicas["requests"][0];

    /// <summary>The process of Tracking; the first where there are several.</summary>
    public ServiceProcess Tracking => replicas["tracking"][0];

    /// <summary>The process of Correlation; the first where there are several.</summary>
    public ServiceProcess Correlation => replicas["correlation"][0];

    /// <summary>
    /// All processes of a service. A replica of Tracking or Correlation calls the replica of Requests with the same number.
    /// </summary>
    public IReadOnlyList<ServiceProcess> Replicas(string service) => replicas[service];

    /// <summary>Starts the process that tries a service's dead letters; it ends with the exchange.</summary>
    public async Task<ServiceProcess> StartQuarantine(string service)
    {
        var settings = service == "requests" ? this.settings : ForConsumers(0);
        return Keep(await StartService(service, settings, "quarantine"));
    }

    /// <summary>Connection strings of the databases for their administrator, by service name and <c>keys</c>.</summary>
    public Dictionary<string, string> Databases { get; } = [];

    /// <summary>The same for the role of the service.</summary>
    public Dictionary<string, string> Serving { get; } = [];

    /// <summary>Migrates a database of that name, once more where a copy took its place.</summary>
    public Task Migrate(string name) => databases[name].Migrate(name);

    /// <summary>The broker, in a virtual host of its own.</summary>
    public TestBroker Broker { get; private set; } = null!;

    /// <summary>Starts all of it and waits until every service is ready.</summary>
    /// <param name="state">The authority's state; its personas are made for it.</param>
    /// <param name="partners">States that get an anchor and a liaison officer.</param>
    /// <param name="settings">Variables for every service and the command line.</param>
    /// <param name="servers">Database and broker; the run's own unless a test stops or kills them.</param>
    /// <param name="each">How many processes of each service run, on the same database.</param>
    public static async Task<RunningExchange> Start(
        string state = "BY", IReadOnlyList<string>? partners = null, IReadOnlyDictionary<string, string?>? settings = null,
        ServerAddresses? servers = null, int each = 1)
    {
        var exchange = new RunningExchange(
            Directory.CreateTempSubdirectory("exchange-").FullName, state, settings ?? new Dictionary<string, string?>(), servers);
        try
        {
            await exchange.Prepare(partners ?? ["PL"]);
            await exchange.StartServices(each);
            return exchange;
        }
        catch
        {
            await exchange.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the command line and gives its output; fails unless it ends with 0.</summary>
    public Task<string> Run(params string[] arguments) => Command.Run("dotnet", [CliAssembly, .. arguments], Environment());

    /// <summary>Runs the command line, whatever it ends with.</summary>
    public Task<(int ExitCode, string Output, string Errors)> Try(params string[] arguments) =>
        Command.Try("dotnet", [CliAssembly, .. arguments], Environment());

    /// <summary>A channel to one of the services with a persona's certificate.</summary>
    public GrpcChannel Connect(ServiceProcess service, string persona) => TlsChannel.Open(service.Address,
        PathIn("personas", persona + ".pem"), PathIn("personas", persona + ".key"), PathIn("anchors", "service.pem"));

    /// <summary>An officer at his desk; lives as long as the exchange.</summary>
    /// <param name="replica">Which process of Requests he is connected to.</param>
    public Officer Officer(string persona, int replica = 0) =>
        new(PathIn("personas", persona + ".pem"), PathIn("personas", persona + ".key"),
            new(Connect(Replicas("requests")[replica], persona)));

    /// <summary>Signs messages as one of the services does.</summary>
    public MessageSigner Signer(string service)
    {
        var own = X509Certificate2.CreateFromPemFile(PathIn("services", service + ".pem"), PathIn("services", service + ".key"));
        return new(service, () => own);
    }

    /// <summary>The path of a file below the folder of the development authority.</summary>
    public string PathIn(params string[] names) => Path.Combine([pki, .. names]);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        parts.Reverse();
        foreach (var part in parts)
            await part.DisposeAsync();
        Directory.Delete(Home, recursive: true);
    }

    static string CliAssembly => Repository.AssemblyOf("Exchange.Cli", "exchange");

    Dictionary<string, string?> Environment() => new(settings) { ["EXCHANGE_HOME"] = Home, ["NO_COLOR"] = "1" };

    async Task Prepare(IReadOnlyList<string> partners)
    {
        await Command.Run(
            "dotnet", [CliAssembly, "pki", "init", pki, "--state", State, .. partners.SelectMany(p => new[] { "--partner", p })]);
        Broker = Keep(await TestBroker.Create(servers));
        foreach (var name in new[] { "requests", "tracking", "correlation", "keys" })
        {
            databases[name] = Keep(await TestDatabase.CreateFor(name, servers));
            (Databases[name], Serving[name]) = (databases[name].ConnectionString, databases[name].Serving);
        }
    }

    async Task StartServices(int each)
    {
        foreach (var name in new[] { "requests", "tracking", "correlation" })
            replicas[name] = [];
        for (var number = 0; number < each; number++)
        {
            replicas["requests"].Add(Keep(await StartService("requests", settings)));
            replicas["tracking"].Add(Keep(await StartService("tracking", ForConsumers(number))));
            replicas["correlation"].Add(Keep(await StartService("correlation", ForConsumers(number))));
        }
        await File.WriteAllTextAsync(Path.Combine(Home, "client.json"), System.Text.Json.JsonSerializer.Serialize(new
        {
            requests = Requests.Address.ToString(), tracking = Tracking.Address.ToString(), correlation = Correlation.Address.ToString(),
            pki = "pki", persona = "prosecutor",
        }));
    }

    Dictionary<string, string?> ForConsumers(int number) =>
        new(settings) { ["Requests__Address"] = Replicas("requests")[number].Address.ToString() };

    async Task<ServiceProcess> StartService(string name, IReadOnlyDictionary<string, string?> settings, params string[] arguments) =>
        await ServiceProcess.Start($"Exchange.{char.ToUpperInvariant(name[0])}{name[1..]}", new Dictionary<string, string?>(settings)
        {
            ["ConnectionStrings__Database"] = Serving[name],
            ["ConnectionStrings__Keys"] = Serving["keys"],
            ["ConnectionStrings__Broker"] = (await Broker.UriOf(name)).ToString(),
            ["Broker__Prefix"] = Broker.Prefix,
            ["Identity__Certificate"] = PathIn("services", name + ".pem"),
            ["Identity__Key"] = PathIn("services", name + ".key"),
            ["Identity__Anchors"] = PathIn("anchors"),
            ["Identity__RevocationLists"] = PathIn("crl"),
            ["Checkpoints__Key"] = PathIn("services", name + ".checkpoint.key"),
            ["Keys__ServiceKey"] = PathIn("keys", "service.key"),
            ["Installation__State"] = State,
        }, arguments);

    T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }
}
