using System.CommandLine;
using System.CommandLine.Parsing;
using Exchange.Client;

namespace Exchange.Cli;

/// <summary>Runs commands, each in a trace of its own; a failure is written to the error stream and becomes the exit code.</summary>
sealed class CommandRunner(ProcessContext process)
{
    public GlobalOptions Options { get; } = new();

    /// <summary>Sets what a command does; the work returns the exit code.</summary>
    public Command Handle(Command command, Func<Session, Task<int>> work)
    {
        command.SetAction((parsed, stop) => CarryOut(command, parsed, work, stop));
        return command;
    }

    async Task<int> CarryOut(Command command, ParseResult parsed, Func<Session, Task<int>> work, CancellationToken stop)
    {
        using var trace = CommandSpan.Start(PathOf(parsed), process.Variable);
        using var session = new Session(parsed, Options, process, stop);
        var exitCode = await Guarded(() => work(session), stop);
        trace.Ended(exitCode);
        return exitCode;
    }

    async Task<int> Guarded(Func<Task<int>> work, CancellationToken stop)
    {
        try
        {
            return await work();
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            process.Error.WriteLine("exchange: stopped.");
            return ExitCode.Stopped;
        }
        catch (CommandException problem)
        {
            return ErrorReport.Write(process.Error, problem);
        }
        catch (ServiceCallException failure)
        {
            return ErrorReport.Write(process.Error, failure);
        }
    }

    // The names of the commands only: arguments may hold references.
    static string PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
            names.Push(result.Command is RootCommand ? "exchange" : result.Command.Name);
        return string.Join(' ', names);
    }
}
