using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Installs the packages of the lock file, starts the exchange and lets the script of the Node client run once.</summary>
public sealed class NodeClient : IAsyncLifetime
{
    public ScriptRun Run { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var node = Installed.Program("node", "nodejs");
        var folder = await WithPackages(Installed.Program("npm", "npm"));
        await using var exchange = await CalledExchange.Start();
        Run = await exchange.Let(node, Path.Combine(folder, "run.js"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    // A copy, because Node looks for packages beside the script and the tree is to stay clean.
    static async Task<string> WithPackages(string npm)
    {
        var folder = Repository.PathOf("artifacts/interop/node");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(CalledExchange.Scripts, "node")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        await Command.Run(npm, ["ci", "--prefix", folder, "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"]);
        return folder;
    }
}
