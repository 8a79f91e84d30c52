namespace Exchange.Cli;

/// <summary>A command that could not be done: what stands in the way, and what helps. Ends the program with 1, without a trace.</summary>
public sealed class CommandFailedException(string problem, string remedy) : Exception($"{problem}\n{remedy}");
