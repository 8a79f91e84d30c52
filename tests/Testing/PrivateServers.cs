using System.Text.RegularExpressions;

namespace Exchange.Testing;

/// <summary>One of the two servers of <see cref="PrivateServers"/>.</summary>
public enum Server
{
    /// <summary>The database server.</summary>
    Postgres,

    /// <summary>The broker.</summary>
    RabbitMq,
}

/// <summary>
/// A PostgreSQL and a RabbitMQ of one's own, for tests that stop or kill them. About ten seconds to start; removed on
/// disposal, and also when this process dies.
/// </summary>
public sealed partial class PrivateServers : IAsyncDisposable
{
    readonly string folder;

    PrivateServers(string folder, ServerAddresses addresses) => (this.folder, Addresses) = (folder, addresses);

    /// <summary>How to reach them. The same after a stop or kill and a new start, unless another program took the port.</summary>
    public ServerAddresses Addresses { get; private set; }

    /// <summary>Starts both with <c>deploy/local/servers</c>, which also installs what is missing where it may.</summary>
    /// <exception cref="InvalidOperationException">They could not be started; the message says what to do.</exception>
    public static async Task<PrivateServers> Start()
    {
        // The script makes it, because the servers' users must be able to walk through it.
        var folder = Path.Combine(Path.GetTempPath(), $"exchange-{Guid.CreateVersion7():N}");
        await Script("start", folder, "--while", $"{Environment.ProcessId}");
        return new(folder, await Read(folder));
    }

    /// <summary>Starts one of them again; does nothing where it runs.</summary>
    public async Task Start(Server server)
    {
        await Script("start", folder, NameOf(server));
        Addresses = await Read(folder);
    }

    /// <summary>Ends one of them in its own time, with its data written.</summary>
    public Task Stop(Server server) => Script("stop", folder, NameOf(server));

    /// <summary>Ends one of them with kill -9.</summary>
    public Task Kill(Server server) => Script("kill", folder, NameOf(server));

    /// <summary>Runs the broker's <c>rabbitmqctl</c>.</summary>
    public Task<string> Control(params string[] arguments) => Script(["ctl", folder, .. arguments]);

    /// <summary>What the broker has written to its log, warnings and worse.</summary>
    public string BrokerLog() => string.Concat(
        Directory.EnumerateFiles(Path.Combine(folder, "data", "rabbitmq", "log"), "*.log").Select(File.ReadAllText));

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Script("remove", folder);

    static async Task<ServerAddresses> Read(string folder)
    {
        var values = Assignment().Matches(await Script("env", folder))
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        return new(values["EXCHANGE_POSTGRES"], new(values["EXCHANGE_BROKER"]), new(values["EXCHANGE_BROKER_API"]));
    }

    static string NameOf(Server server) => server == Server.Postgres ? "postgres" : "rabbitmq";

    static Task<string> Script(params string[] arguments) =>
        Command.Run(Repository.PathOf("deploy/local/servers"), arguments);

    [GeneratedRegex("^(?<name>[A-Z_]+)='(?<value>[^']*)'$", RegexOptions.Multiline)]
    private static partial Regex Assignment();
}
