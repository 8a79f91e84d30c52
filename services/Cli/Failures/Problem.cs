namespace Exchange.Cli;

/// <summary>Ends a command with one sentence, and what to do about it where that is known.</summary>
sealed class Problem(int exitCode, string message, string? remedy = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string? Remedy { get; } = remedy;
}
