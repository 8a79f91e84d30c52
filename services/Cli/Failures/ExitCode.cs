namespace Exchange.Cli;

/// <summary>What the process answers with; part of the contract with scripts, and printed in the root help.</summary>
static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Partial = 3;
    public const int NotFound = 4;
    public const int NotAllowed = 5;
    public const int Unavailable = 6;

    /// <summary>Stopped by Ctrl-C, as shells count it (128 + SIGINT).</summary>
    public const int Stopped = 130;

    public static readonly (int Code, string Meaning)[] All =
    [
        (Ok, "done"),
        (Failed, "failed; for an import: nothing was taken in; for status: a service is down"),
        (Usage, "the command line or a value on it was not understood or not accepted"),
        (Partial, "an import kept the good rows and left out faulty ones; a rebuild or a check after a restore found differences"),
        (NotFound, "there is no such thing, or none that you may see"),
        (NotAllowed, "your certificate is not accepted or does not permit this"),
        (Unavailable, "a service could not be reached or did not answer in time"),
        (Stopped, "stopped by Ctrl-C"),
    ];
}
