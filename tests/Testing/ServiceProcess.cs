using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Exchange.Testing;

/// <summary>
/// One of our services as a process of its own, started as in production and told everything through its environment.
/// Its two ports are free ones unless the environment names them, and stay the same across restarts.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    const int Terminate = 15;

    // Only for giving up: two slow cores that start six services at once take 30 seconds for each.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Only for giving up: a process that dies of a message is started some ten times.
    static readonly TimeSpan PatienceWithDeaths = TimeSpan.FromMinutes(10);
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    static readonly ConcurrentDictionary<ServiceProcess, bool> Running = new();

    readonly string project;
    readonly string[] arguments;
    readonly Dictionary<string, string?> environment;
    readonly StringBuilder output = new();
    Process? process;

    static ServiceProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var service in Running.Keys)
            service.process?.Kill();
    };

    ServiceProcess(string project, IReadOnlyDictionary<string, string?> environment, string[] arguments)
    {
        (this.project, this.arguments) = (project, arguments);
        this.environment = new(environment);
        GrpcPort = Port("Grpc__Port");
        ProbePort = Port("Probe__Port");
        this.environment.TryAdd("Grpc__Address", "127.0.0.1");
        this.environment.TryAdd("Probe__Address", "127.0.0.1");
    }

    /// <summary>The address of its gRPC port; TLS with a client certificate.</summary>
    public Uri Address => new($"https://localhost:{GrpcPort}");

    /// <inheritdoc cref="Address" />
    public int GrpcPort { get; }

    /// <summary>The address at which it answers <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public int ProbePort { get; }

    /// <summary>The most memory it held at once since <see cref="ForgetPeak"/>, or since it started; bytes.</summary>
    public long PeakMemory => Memory("VmHWM:");

    /// <summary>The memory it holds now, in bytes.</summary>
    public long CurrentMemory => Memory("VmRSS:");

    /// <summary>All it has written to its output and error streams, over all its restarts.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="project">Name of project and assembly, such as <c>Exchange.Requests</c>.</param>
    /// <param name="environment">Variables beside those of the test process; null takes one away.</param>
    /// <param name="arguments">What it does instead of serving, such as <c>quarantine</c>.</param>
    /// <exception cref="InvalidOperationException">It ended or was not ready in time; the message holds its output.</exception>
    public static async Task<ServiceProcess> Start(
        string project, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var service = new ServiceProcess(project, environment, arguments);
        try
        {
            await service.Launch();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets <see cref="PeakMemory"/> back to what it holds now.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{process!.Id}/clear_refs", "5");

    /// <summary>Ends it with kill -9: no handler runs and nothing is flushed.</summary>
    public async Task Kill()
    {
        if (process is null)
            return;

        process.Kill();
        await Ended();
    }

    /// <summary>Sends SIGTERM, as an orchestrator does, and waits for the end.</summary>
    /// <exception cref="InvalidOperationException">It did not end in time, or not with 0.</exception>
    public async Task Stop()
    {
        if (process is null)
            return;

        _ = SendSignal(process.Id, Terminate);
        var exitCode = await Ended();
        if (exitCode != 0)
            throw Failure($"ended with {exitCode} when it was told to stop");
    }

    /// <summary>Starts it again with the same environment and ports, after stopping it where it runs; waits until it is ready.</summary>
    public async Task Restart()
    {
        await Stop();
        await Launch();
    }

    /// <summary>Sets a variable of its environment, from its next start on; null takes it away.</summary>
    public void Set(string variable, string? value) => environment[variable] = value;

    /// <summary>Waits until it has ended by itself; starts it first where it does not run.</summary>
    /// <returns>Its exit code; 137 where it was killed.</returns>
    public async Task<int> Die()
    {
        if (process is null)
            Begin();
        return await Ended();
    }

    /// <summary>Starts it, and again whenever it ends by itself, as an orchestrator does.</summary>
    /// <param name="done">Asked again and again; the process runs on once it says so.</param>
    /// <returns>How often it ended.</returns>
    /// <exception cref="InvalidOperationException">It ended thirty times, or is not done in time.</exception>
    public async Task<int> StartAgainUntil(Func<Task<bool>> done)
    {
        var (started, ends) = (TimeProvider.System.GetTimestamp(), 0);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await done())
        {
            if (ends > 30 || TimeProvider.System.GetElapsedTime(started) > PatienceWithDeaths)
                throw Failure($"ended {ends} times and is not done");
            if (process is { HasExited: true })
            {
                await Ended();
                ends++;
            }
            if (process is null)
                Begin();
            await pause.WaitForNextTickAsync();
        }
        return ends;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Kill();

    async Task Launch()
    {
        Begin();
        await Ready(process!);
    }

    void Begin()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [Repository.AssemblyOf(project, project), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        process = new() { StartInfo = start };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        Running[this] = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    async Task Ready(Process launched)
    {
        var started = TimeProvider.System.GetTimestamp();
        var last = "nobody answers";
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            if (launched.HasExited)
                throw Failure($"ended with {await Ended()} before it was ready");

            try
            {
                using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{ProbePort}/health/ready"));
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
                last = await answer.Content.ReadAsStringAsync();
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                last = e.Message;
            }

            await pause.WaitForNextTickAsync();
        }

        throw Failure($"was not ready within {Patience} ({last})");
    }

    async Task<int> Ended()
    {
        using var bound = new CancellationTokenSource(Patience);
        try
        {
            // Waits for the end of its streams too, so that the output is whole.
            await process!.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            throw Failure($"does not end within {Patience}");
        }

        var exitCode = process.ExitCode;
        process.Dispose();
        process = null;
        Running.TryRemove(this, out _);
        return exitCode;
    }

    long Memory(string line) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process!.Id}/status").Single(l => l.StartsWith(line, StringComparison.Ordinal))[line.Length..]
            .Replace("kB", "", StringComparison.Ordinal).Trim(),
        System.Globalization.CultureInfo.InvariantCulture);

    int Port(string variable)
    {
        if (!environment.TryGetValue(variable, out var port) || port is null)
            environment[variable] = port = $"{FreePort.Next()}";
        return int.Parse(port, System.Globalization.CultureInfo.InvariantCulture);
    }

    void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;

        lock (output)
            output.AppendLine(line.Data);
    }

    InvalidOperationException Failure(string what) => new($"{project} {what}. Its output:\n{Output}");

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SendSignal(int process, int signal);
}
