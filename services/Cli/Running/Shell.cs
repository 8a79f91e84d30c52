using System.CommandLine;
using Exchange.Client;

namespace Exchange.Cli;

/// <summary>Carries a command out: in a trace of its own, with one way to fail.</summary>
sealed class Shell(Surroundings here)
{
    public GlobalOptions Options { get; } = new();

    public Surroundings Here => here;

    /// <summary>Sets what a command does; the work answers with an exit code.</summary>
    public Command Carries(Command command, Func<Session, Task<int>> work)
    {
        command.SetAction((parsed, stop) => CarryOut(command, parsed, work, stop));
        return command;
    }

    async Task<int> CarryOut(Command command, ParseResult parsed, Func<Session, Task<int>> work, CancellationToken stop)
    {
        using var trace = Trace.Of(PathOf(parsed), here.Variable);
        using var session = new Session(parsed, Options, here, stop);
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
            here.Error.WriteLine("exchange: stopped.");
            return ExitCode.Stopped;
        }
        catch (Problem problem)
        {
            return Failures.Tell(here.Error, problem);
        }
        catch (ServiceCallException failure)
        {
            return Failures.Tell(here.Error, failure);
        }
    }

    // The names of the commands only: arguments may hold references.
    static string PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Push(result.Command is RootCommand ? "exchange" : result.Command.Name);
        return string.Join(' ', names);
    }
}
