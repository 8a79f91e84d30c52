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
    readonly BrokerContainer? broker;

    PrivateServers(string folder, BrokerContainer? broker) => (this.folder, this.broker) = (folder, broker);

    /// <summary>How to reach them. The same after a stop or kill and a new start, unless another program took the port.</summary>
    public ServerAddresses Addresses { get; private set; } = null!;

    /// <summary>Starts them with <c>deploy/local/servers</c>, which also installs what is missing where it may.</summary>
    /// <param name="broker">A broker to use instead of a RabbitMQ of this machine; PostgreSQL alone is started then.</param>
    /// <exception cref="InvalidOperationException">They could not be started; the message says what to do.</exception>
    public static async Task<PrivateServers> Start(BrokerContainer? broker = null)
    {
        // The script makes it, because the servers' users must be able to walk through it.
        var folder = Path.Combine(Path.GetTempPath(), $"exchange-{Guid.CreateVersion7():N}");
        string[] names = broker is null ? [] : [NameOf(Server.Postgres)];
        await Script(["start", folder, "--while", $"{Environment.ProcessId}", .. names]);
        return new(folder, broker) { Addresses = await Read(folder, broker) };
    }

    /// <summary>Starts one of them again; does nothing where it runs.</summary>
    public async Task Start(Server server)
    {
        await Script("start", folder, NameOf(server));
        Addresses = await Read(folder, broker);
    }

    /// <summary>Ends one of them in its own time, with its data written.</summary>
    public Task Stop(Server server) => Script("stop", folder, NameOf(server));

    /// <summary>Ends one of them with kill -9.</summary>
    public Task Kill(Server server) => Script("kill", folder, NameOf(server));

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Script("remove", folder);

    static async Task<ServerAddresses> Read(string folder, BrokerContainer? broker)
    {
        string[] names = broker is null ? [] : [NameOf(Server.Postgres)];
        var values = Assignment().Matches(await Script(["env", folder, .. names]))
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        return broker is null
            ? new(values["EXCHANGE_POSTGRES"], new(values["EXCHANGE_BROKER"]), new(values["EXCHANGE_BROKER_API"]))
            : new(values["EXCHANGE_POSTGRES"], broker.Broker, broker.Api);
    }

    static string NameOf(Server server) => server == Server.Postgres ? "postgres" : "rabbitmq";

    static Task<string> Script(params string[] arguments) =>
        Command.Run(Repository.PathOf("deploy/local/servers"), arguments);

    [GeneratedRegex("^(?<name>[A-Z_]+)='(?<value>[^']*)'$", RegexOptions.Multiline)]
    private static partial Regex Assignment();
}
