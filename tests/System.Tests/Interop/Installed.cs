using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Programs that the machine must have. A missing one is red and says what to do, never skipped.</summary>
static class Installed
{
    /// <summary>Path of a program that is on the path.</summary>
    public static string Program(string name, string package) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists) ?? throw Missing(name, package);

    /// <summary>
    /// The distribution's own Python with these modules. Another Python, earlier on the path, would not see the
    /// distribution's packages.
    /// </summary>
    public static async Task<string> Python(string modules, string packages)
    {
        const string python = "/usr/bin/python3";
        if (!File.Exists(python))
            throw Missing(python, "python3");
        var (exitCode, _, errors) = await Command.Try(python, ["-s", "-c", $"import {modules}"]);
        return exitCode == 0 ? python : throw Missing($"a Python module ({errors.Trim()})", packages);
    }

    /// <summary>Asks for a file that a package brings.</summary>
    public static void Has(string file, string package)
    {
        if (!File.Exists(file))
            throw Missing(file, package);
    }

    static InvalidOperationException Missing(string what, string packages) => new(
        $"Missing: {what}. Install with: sudo apt-get install --no-install-recommends {packages}. tests/run does so by itself.");
}
