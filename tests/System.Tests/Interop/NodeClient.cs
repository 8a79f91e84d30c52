using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Installs the packages of the lock file, starts the exchange and lets the script of the Node client run once.</summary>
public sealed class NodeClient : IAsyncLifetime
{
    public ScriptRun Run { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var node = Installed.Program("node", "nodejs");
        var folder = await WithPackages(Path.Combine(CalledExchange.Scripts, "node"), "artifacts/interop/node");
        await using var exchange = await CalledExchange.Start();
        Run = await exchange.Let(node, Path.Combine(folder, "run.js"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A copy with its packages, because Node looks for them beside the script and the tree is to stay clean.</summary>
    internal static async Task<string> WithPackages(string scripts, string copy)
    {
        var folder = Repository.PathOf(copy);
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(scripts))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        await Command.Run(Installed.Program("npm", "npm"),
            ["ci", "--prefix", folder, "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"]);
        return folder;
    }
}
