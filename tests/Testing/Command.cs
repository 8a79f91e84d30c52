using System.Diagnostics;

namespace Exchange.Testing;

/// <summary>Another program, run to its end.</summary>
public static class Command
{
    /// <summary>Runs it with nothing on its input and gives what it wrote to its output.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message holds all it said.</exception>
    public static async Task<string> Run(string file, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var (exitCode, output, errors) = await Try(file, arguments, environment);
        return exitCode == 0 ? output : throw new InvalidOperationException(
            $"{Path.GetFileName(file)} {string.Join(' ', arguments)} ended with {exitCode}.\n{errors}{output}");
    }

    /// <summary>The same, for programs that may fail.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> Try(string file, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
