namespace Exchange.Cli;

/// <summary>Ends a command: with an exit code, one sentence, and what to do about it where that is known (null where not).</summary>
sealed class CommandException(int exitCode, string message, string? remedy = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string? Remedy { get; } = remedy;
}
