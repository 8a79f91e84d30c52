using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>
/// An installation of <c>deploy/compose</c> with secrets, volumes and ports of its own, in the Docker engine that answers or in a
/// private one. It is used as a person would: by its scripts and the docker client.
/// </summary>
sealed partial class ComposeInstallation : IAsyncDisposable
{
    const string Runs = "Running. Ctrl-C stops it.";

    // Only for giving up, on a machine that builds everything for the first time and has much else to do.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    readonly string folder = Directory.CreateTempSubdirectory("exchange-compose-").FullName;
    readonly Dictionary<string, string?> environment = [];
    Process? up;

    ComposeInstallation()
    {
        environment["EXCHANGE_HOME"] = Path.Combine(folder, "home");
        environment["NO_COLOR"] = "1";
        // An empty port is one that the engine chooses, so that another installation may run beside this one.
        foreach (var port in new[] { "REQUESTS", "TRACKING", "CORRELATION", "BROKER", "METRICS" })
            environment[$"EXCHANGE_PORT_{port}"] = "";
        // Chosen here, because 'exchange trace' names it and so must know it before the engine would choose.
        environment["EXCHANGE_PORT_VIEWER"] = $"{ViewerPort}";
    }

    /// <summary>Where the trace viewer is, on the loopback.</summary>
    public int ViewerPort { get; } = FreePort.Next();

    /// <summary>What the last start said, figures and addresses among it.</summary>
    public string Told { get; private set; } = "";

    /// <summary>The name by which the engine knows what belongs to this installation.</summary>
    public string Project => ProjectName().Match(Told).Groups[1].Value;

    /// <summary>Gives an installation with nothing in it that is not started yet. The engine stays for as long as this process.</summary>
    public static async Task<ComposeInstallation> Prepare()
    {
        var installation = new ComposeInstallation();
        foreach (var (name, value) in await DockerEngine.Environment)
            installation.environment[name] = value;
        return installation;
    }

    /// <summary>Starts it and returns once it runs, with the register imported.</summary>
    public async Task Up()
    {
        var start = new ProcessStartInfo(Repository.PathOf("deploy/compose/up"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        up = Process.Start(start)!;
        up.StandardInput.Close();
        var errors = up.StandardError.ReadToEndAsync();
        var told = new StringBuilder();
        using var giveUp = new CancellationTokenSource(Patience);
        while (await up.StandardOutput.ReadLineAsync(giveUp.Token) is { } line)
        {
            told.AppendLine(line);
            if (line != Runs)
                continue;
            Told = told.ToString();
            return;
        }
        throw new InvalidOperationException($"deploy/compose/up ended.\n{told}{await errors}");
    }

    /// <summary>Stops it as Ctrl-C does.</summary>
    public async Task Down()
    {
        if (up is null)
            return;
        var rest = up.StandardOutput.ReadToEndAsync();
        // Where it has ended by itself, what it said last tells why.
        _ = await Command.Try("kill", ["-TERM", $"{up.Id}"]);
        await up.WaitForExitAsync().WaitAsync(Patience);
        Told += await rest;
        up.Dispose();
        up = null;
    }

    /// <summary>Runs the command line of this installation in the folder of its letters.</summary>
    public Task<string> Exchange(params string[] arguments) =>
        Command.Run("env", ["--chdir", folder, Repository.PathOf("deploy/compose/exchange"), .. arguments], environment);

    /// <summary>The same, where it may be refused.</summary>
    public Task<(int ExitCode, string Output, string Errors)> TryExchange(params string[] arguments) =>
        Command.Try("env", ["--chdir", folder, Repository.PathOf("deploy/compose/exchange"), .. arguments], environment);

    /// <summary>Runs the docker client.</summary>
    public async Task<string> Docker(params string[] arguments) => (await Command.Run("docker", arguments, environment)).Trim();

    /// <summary>What the engine says of a container of the installation, by a template of <c>docker inspect</c>.</summary>
    public Task<string> Inspect(string service, string template) => Docker("inspect", "--format", template, Container(service));

    /// <summary>The engine's name of a container of the installation.</summary>
    public string Container(string service) => $"{Project}-{service}-1";

    /// <summary>Containers, networks or volumes of the installation that there are now; the kind as docker's commands name it.</summary>
    public Task<string> There(string kind) =>
        Docker(
        [
            kind, "ls", "-q", .. kind == "container" ? ["-a"] : Array.Empty<string>(),
            "--filter", $"label=com.docker.compose.project={Project}",
        ]);

    /// <summary>A file beside the letters, as the containers of the command line see it.</summary>
    public string PathOf(string file) => Path.Combine(folder, file);

    /// <summary>Ends the first process of a container with kill -9, from outside, so that the engine does not know who did it.</summary>
    public async Task Kill(string service) =>
        await Docker("run", "--rm", "--pid", "host", "--user", "0", "--entrypoint", "bash", "exchange-cli",
            "-c", $"kill -KILL {await Inspect(service, "{{.State.Pid}}")}");

    public async ValueTask DisposeAsync()
    {
        await Down();
        if (Project.Length > 0 && await There("volume") is { Length: > 0 } volumes)
            await Docker(["volume", "rm", .. volumes.Split('\n')]);
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex("project (exchange-[0-9]+)")]
    private static partial Regex ProjectName();
}
