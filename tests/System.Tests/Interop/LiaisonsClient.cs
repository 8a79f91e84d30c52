using System.Diagnostics;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>The example of a liaison officer's client in one language, copied as a stranger would and run as the persona of PL.</summary>
sealed class LiaisonsClient
{
    static readonly Dictionary<string, string?> Environment = new() { ["EXCHANGE_PROTOS"] = CalledExchange.Protos };

    readonly string program;
    readonly string[] start;
    readonly RunningExchange exchange;

    LiaisonsClient(string program, string[] start, RunningExchange exchange) =>
        (this.program, this.start, this.exchange) = (program, start, exchange);

    public static async Task<LiaisonsClient> In(string language, RunningExchange exchange)
    {
        var (scripts, copy) = (Repository.PathOf($"contracts/examples/{language}"), $"artifacts/interop/examples/{language}");
        if (language == "node")
            return new(Installed.Program("node", "nodejs"),
                [Path.Combine(await NodeClient.WithPackages(scripts, copy), "liaison.js")], exchange);

        Installed.Program("protoc", "protobuf-compiler");
        Installed.Program("grpc_python_plugin", "protobuf-compiler-grpc");
        var python = await Installed.Python("grpc, google.protobuf, cryptography", "python3-grpcio python3-protobuf python3-cryptography");
        var folder = Repository.PathOf(copy);
        // Its stubs are to be those of today's .proto files.
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(scripts))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return new(python, ["-s", "-B", Path.Combine(folder, "liaison.py")], exchange);
    }

    /// <summary>Runs a command to its end; it must succeed.</summary>
    public async Task<(string Output, string Said)> Do(int port, params string[] command)
    {
        var (exitCode, output, said) = await Try(port, command);
        exitCode.ShouldBe(0, said);
        return (output.Trim(), said);
    }

    /// <summary>Runs a command to its end, whatever that is.</summary>
    public Task<(int ExitCode, string Output, string Said)> Try(int port, params string[] command) =>
        Command.Try(program, Arguments(port, command), Environment);

    /// <summary>Begins a command that will be killed.</summary>
    public Running Start(int port, params string[] command)
    {
        var info = new ProcessStartInfo(program, Arguments(port, command)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment)
            info.Environment[name] = value;
        return new(info);
    }

    IEnumerable<string> Arguments(int port, string[] command) =>
    [
        .. start, "--requests", $"https://localhost:{port}", "--persona", exchange.PathIn("personas", "liaison-pl"),
        "--anchor", exchange.PathIn("anchors", "service.pem"), .. command,
    ];

    /// <summary>A client at work until it is killed.</summary>
    public sealed class Running : IDisposable
    {
        readonly Process process;
        readonly List<string> heard = [];
        readonly List<string> said = [];

        public Running(ProcessStartInfo info)
        {
            process = new() { StartInfo = info };
            process.OutputDataReceived += (_, line) => Keep(heard, line.Data);
            process.ErrorDataReceived += (_, line) => Keep(said, line.Data);
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        /// <summary>Of a watch: a line for each item, in the order they came.</summary>
        public IReadOnlyList<string> Heard => Of(heard);

        /// <summary>What it told the officer.</summary>
        public string Said => string.Join('\n', Of(said));

        public Task Hears(string line) => Eventually.Holds(() => Heard.ShouldContain(item => item.Contains(line), Said));

        /// <summary>kill -9.</summary>
        public async Task Kill()
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        public void Dispose()
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }

        static string[] Of(List<string> lines)
        {
            lock (lines)
                return [.. lines];
        }

        static void Keep(List<string> lines, string? line)
        {
            if (line is null)
                return;
            lock (lines)
                lines.Add(line);
        }
    }
}
