using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Exchange.Cli;

/// <summary>The help of System.CommandLine with examples below it, and the exit codes below the root's.</summary>
sealed class Help(HelpAction usual) : SynchronousCommandLineAction
{
    static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    public override bool ClearsParseErrors => true;

    public static void AddTo(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            if (option.Action is HelpAction usual)
                option.Action = new Help(usual);
    }

    public static string[] ExamplesOf(Command command) => Examples.TryGetValue(command, out var examples) ? examples : [];

    public static void SetExamples(Command command, string[] examples) => Examples.Add(command, examples);

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (ExamplesOf(command) is { Length: > 0 } examples)
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
        }
        if (command is RootCommand)
        {
            output.WriteLine("Exit codes:");
            foreach (var (code, meaning) in ExitCode.All)
                output.WriteLine($"  {code,-4} {meaning}");
            output.WriteLine();
        }
        return exitCode;
    }
}

static class HelpExamples
{
    /// <summary>Shown at the end of the command's help; a test parses every one.</summary>
    public static Command WithExamples(this Command command, params string[] examples)
    {
        Help.SetExamples(command, examples);
        return command;
    }
}
