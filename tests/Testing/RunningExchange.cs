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

    RunningExchange(string home, string state, IReadOnlyDictionary<string, string?> settings)
    {
        this.settings = settings;
        Home = home;
        State = state;
        pki = Path.Combine(home, "pki");
    }

    /// <summary>The folder the command line is set up in.</summary>
    public string Home { get; }

    /// <summary>The state whose authority runs it.</summary>
    public string State { get; }

    /// <summary>The system of record.</summary>
    public ServiceProcess Requests { get; private set; } = null!;

    /// <summary>Figures.</summary>
    public ServiceProcess Tracking { get; private set; } = null!;

    /// <summary>Links.</summary>
    public ServiceProcess Correlation { get; private set; } = null!;

    /// <summary>Connection strings of the databases, by service name and <c>keys</c>.</summary>
    public Dictionary<string, string> Databases { get; } = [];

    /// <summary>The broker, in a virtual host of its own.</summary>
    public TestBroker Broker { get; private set; } = null!;

    /// <summary>Starts all of it and waits until every service is ready.</summary>
    /// <param name="state">The authority's state; its personas are made for it.</param>
    /// <param name="partners">States that get an anchor and a liaison officer.</param>
    /// <param name="settings">Variables for every service and the command line.</param>
    public static async Task<RunningExchange> Start(
        string state = "BY", IReadOnlyList<string>? partners = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var exchange = new RunningExchange(Directory.CreateTempSubdirectory("exchange-").FullName, state, settings ?? new Dictionary<string, string?>());
        try
        {
            await exchange.Prepare(partners ?? ["PL"]);
            await exchange.StartServices();
            return exchange;
        }
        catch
        {
            await exchange.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the command line; fails unless it ends with 0.</summary>
    public Task<string> Run(params string[] arguments) => Command.Run("dotnet", [CliAssembly, .. arguments], Environment());

    /// <summary>Runs the command line, whatever it ends with.</summary>
    public Task<(int ExitCode, string Output, string Errors)> Try(params string[] arguments) =>
        Command.Try("dotnet", [CliAssembly, .. arguments], Environment());

    /// <summary>A channel to one of the services with a persona's certificate.</summary>
    public GrpcChannel Connect(ServiceProcess service, string persona) => TlsChannel.Open(service.Address,
        PathIn("personas", persona + ".pem"), PathIn("personas", persona + ".key"), PathIn("anchors", "service.pem"));

    /// <summary>An officer at his desk; lives as long as the exchange.</summary>
    public Officer Officer(string persona) =>
        new(PathIn("personas", persona + ".pem"), PathIn("personas", persona + ".key"), new(Connect(Requests, persona)));

    /// <summary>A file of the development authority.</summary>
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
        await Command.Run("dotnet", [CliAssembly, "pki", "init", pki, "--state", State, .. partners.SelectMany(p => new[] { "--partner", p })]);
        Broker = Keep(await TestBroker.Create());
        foreach (var name in new[] { "requests", "tracking", "correlation", "keys" })
            Databases[name] = Keep(await TestDatabase.Create()).ConnectionString;
    }

    async Task StartServices()
    {
        Requests = Keep(await StartService("requests", settings));
        var others = new Dictionary<string, string?>(settings) { ["Requests__Address"] = Requests.Address.ToString() };
        Tracking = Keep(await StartService("tracking", others));
        Correlation = Keep(await StartService("correlation", others));
        await File.WriteAllTextAsync(Path.Combine(Home, "client.json"), System.Text.Json.JsonSerializer.Serialize(new
        {
            requests = Requests.Address.ToString(), tracking = Tracking.Address.ToString(), correlation = Correlation.Address.ToString(),
            pki = "pki", persona = "prosecutor",
        }));
    }

    Task<ServiceProcess> StartService(string name, IReadOnlyDictionary<string, string?> settings) =>
        ServiceProcess.Start($"Exchange.{char.ToUpperInvariant(name[0])}{name[1..]}", new Dictionary<string, string?>(settings)
        {
            ["ConnectionStrings__Database"] = Databases[name],
            ["ConnectionStrings__Keys"] = Databases["keys"],
            ["ConnectionStrings__Broker"] = Broker.Uri.ToString(),
            ["Broker__Prefix"] = Broker.Prefix,
            ["Identity__Certificate"] = PathIn("services", name + ".pem"),
            ["Identity__Key"] = PathIn("services", name + ".key"),
            ["Identity__Anchors"] = PathIn("anchors"),
            ["Identity__RevocationLists"] = PathIn("crl"),
            ["Keys__ServiceKey"] = PathIn("keys", "service.key"),
            ["Installation__State"] = State,
        });

    T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }
}
