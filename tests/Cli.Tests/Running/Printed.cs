namespace Exchange.Cli.Tests;

/// <summary>What one run of the command line did.</summary>
sealed record Printed(int ExitCode, string Out, string Error)
{
    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs the command line in this process as a shell would; no variable comes from the machine.</summary>
    public static async Task<Printed> By(string[] args, IReadOnlyDictionary<string, string>? variables = null, int width = 80,
        bool unicode = true,
        string input = "", CancellationToken stop = default)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var screen = new Screen(width, IsTerminal: false, unicode, Colour: false);
        var exitCode = await ExchangeCommand.Run(args, new(
            output, error, screen, screen, name => variables?.GetValueOrDefault(name),
            TimeProvider.System)
        { In = new StringReader(input) }, stop);
        return new(exitCode, output.ToString(), error.ToString());
    }
}
