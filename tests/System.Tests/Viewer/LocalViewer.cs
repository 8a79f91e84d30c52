using System.Globalization;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>The trace viewer as deploy/local/up starts it, by the functions that up is made of, in a folder of its own.</summary>
sealed class LocalViewer : IAsyncDisposable
{
    readonly string home;

    LocalViewer(string home) => this.home = home;

    /// <summary>What services and command line are told, by up itself.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; private set; } = new Dictionary<string, string?>();

    /// <summary>Where people look.</summary>
    public Uri Page { get; private set; } = null!;

    /// <summary>What they log in with.</summary>
    public string Token => File.ReadAllText(Path.Combine(Folder, "token"));

    public string Folder => Path.Combine(home, "viewer");

    public int ProcessId => int.Parse(File.ReadAllText(Path.Combine(home, "run", "viewer.pid")), CultureInfo.InvariantCulture);

    public static async Task<LocalViewer> Start()
    {
        var viewer = new LocalViewer(Directory.CreateTempSubdirectory("exchange-viewer-").FullName);
        try
        {
            await viewer.Script("start_viewer");
            viewer.Page = new((await viewer.Script("viewer_page")).Trim());
            viewer.Variables = (await viewer.Script("telemetry_environment; printf '%s\\n' \"${telemetry[@]}\""))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2))
                    .ToDictionary(parts => parts[0], parts => (string?)parts[1]);
            return viewer;
        }
        catch
        {
            await viewer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Script("stop_viewer");
        Directory.Delete(home, recursive: true);
    }

    Task<string> Script(string command) =>
        Command.Run("bash", ["-c", $"set -euo pipefail; . '{Repository.PathOf("deploy/local/installation.sh")}'; {command}"],
            new Dictionary<string, string?> { ["EXCHANGE_HOME"] = home });
}
