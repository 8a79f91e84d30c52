using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Exchange.Cli;

/// <summary>The root command `exchange` with all its commands, in the order in which a newcomer needs them.</summary>
static class ExchangeCommand
{
    public static RootCommand Create(ProcessContext process)
    {
        var runner = new CommandRunner(process);
        var root = new RootCommand("Requests for mutual legal assistance: who answers, how fast, and who stays silent.")
        {
            Group("register", "A register the authority already keeps.", ImportCommand.Create(runner), RegisterCheck.Create(runner)),
            TurnaroundCommand.Create(runner),
            UnansweredCommand.Create(runner),
            Group("request", "Letters of request, from the draft to the answer.",
            [
                RequestList.Create(runner), RequestShow.Create(runner), HistoryCommand.Create(runner), ReadingList.Create(runner),
                RequestTemplate.Create(runner), RequestDraft.Create(runner), RequestEdit.Create(runner), RequestLetter.Create(runner),
                .. StepCommands.All.Select(step => step.Create(runner)),
            ]),
            Group("subject", "Whom and what a letter names.", SubjectAdd.Create(runner), SubjectWithdraw.Create(runner)),
            Group("document", "Documents and evidence, and who had them in hand.",
                DocumentAdd.Create(runner), DocumentList.Create(runner), DocumentGet.Create(runner), CustodyCommand.Create(runner)),
            InboxCommand.Create(runner),
            Group("case", "Criminal cases of your state.", CaseCommands.Keep(runner), CaseCommands.Show(runner), CaseCommands.List(runner)),
            Group("flag", "Time limits that passed without an answer.", FlagCommands.List(runner), FlagCommands.Watch(runner)),
            Group("ladder", "How silence is raised with a partner, rung by rung.",
                LadderLists.Due(runner), LadderTake.Create(runner), LadderLists.Taken(runner)),
            LifecycleCommand.Create(runner),
            TraceCommand.Create(runner),
            Group("link", "Cases that belong together.", LinkList.Create(runner)),
            StatusCommand.Create(runner),
            Group("journal", "The record itself.", JournalVerify.Create(runner)),
            Group("rebuild", "What a service derived, held against the journal of Requests.", RebuildCommands.Tracking(runner),
                RebuildCommands.Correlation(runner)),
            Group("restore", "After a database was restored from an older copy.", RestoreCommands.Check(runner),
                RestoreCommands.Accept(runner)),
            Group("parked", "Messages that a service could not take in and set aside.",
                ParkedLists.List(runner), ParkedLists.Show(runner), ParkedSteps.Replay(runner), ParkedSteps.Discard(runner)),
            PkiCommand.Create(),
            CompletionCommand.Create(runner),
        };
        root.WithExamples(
            "exchange register import data/register-2004-2008 --observed-until 2008-12-31",
            "exchange turnaround --as-of 2008-12-31",
            "exchange unanswered --bloc EU --as-of 2008-12-31 --format csv",
            "exchange --as investigator request show BY-2004-003664");
        runner.Options.AddTo(root);
        Help.AddTo(root);
        return root;
    }

    /// <summary>An at sign names the file of one text (`--text @answer.txt`), not one of further arguments.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>Parses the arguments, carries the command out, and returns the exit code.</summary>
    public static async Task<int> Run(string[] args, ProcessContext process, CancellationToken stop = default)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var parsed = Create(process).Parse(args, Parsing);
        int exitCode;
        if (parsed.Action is ParseErrorAction)
            exitCode = NotUnderstood(parsed, process.Error);
        else
            exitCode = await parsed.InvokeAsync(
                new() { Output = process.Out, Error = process.Error, EnableDefaultExceptionHandler = false }, stop);
        await process.Out.FlushAsync(CancellationToken.None);
        await process.Error.FlushAsync(CancellationToken.None);
        return exitCode;
    }

    static int NotUnderstood(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0 && command.Action is null)
        {
            var help = new HelpAction();
            parsed.InvocationConfiguration.Output = error;
            help.Invoke(parsed);
            return ExitCode.Usage;
        }
        // A mistyped command is also a missing one; the first says it better.
        var known = command.Subcommands.Count > 0 ? parsed.Errors.Where(problem => problem.Message.Contains('\'')) : parsed.Errors;
        foreach (var problem in known.Select(problem => problem.Message).Distinct())
            error.WriteLine($"exchange: {problem}");
        error.WriteLine($"  See exchange{string.Concat(NamesOf(parsed).Select(name => " " + name))} --help.");
        return ExitCode.Usage;
    }

    static IEnumerable<string> NamesOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result.Command is not RootCommand; result = (CommandResult)result.Parent!)
            names.Push(result.Command.Name);
        return names;
    }

    static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
            group.Subcommands.Add(command);
        return group;
    }
}
