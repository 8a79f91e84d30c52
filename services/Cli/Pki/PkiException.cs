namespace Exchange.Cli;

/// <summary>
/// A command of `exchange pki` that could not be carried out: what stands in the way, and what helps. The exit code is 1.
/// </summary>
public sealed class PkiException(string problem, string remedy) : Exception($"{problem}\n{remedy}");
