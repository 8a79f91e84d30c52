using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;

namespace Exchange.Cli;

/// <summary>`exchange`: everything it can do, in the order a newcomer needs it.</summary>
static class ExchangeCommand
{
    public static RootCommand Create(Surroundings here)
    {
        var shell = new Shell(here);
        var root = new RootCommand("Requests for mutual legal assistance: who answers, how fast, and who stays silent.")
        {
            Group("register", "A register the authority already keeps.", RegisterImport.Create(shell), RegisterCheck.Create(shell)),
            Turnaround.Create(shell),
            Unanswered.Create(shell),
            Group("request", "Letters of request, from the draft to the answer.",
            [
                RequestList.Create(shell), RequestShow.Create(shell), RequestHistory.Create(shell),
                RequestTemplate.Create(shell), RequestDraft.Create(shell), RequestEdit.Create(shell), RequestLetter.Create(shell),
                .. StepCommands.All.Select(step => step.Create(shell)),
            ]),
            Group("subject", "Whom and what a letter names.", SubjectAdd.Create(shell), SubjectWithdraw.Create(shell)),
            Group("document", "Documents and evidence, and who had them in hand.",
                DocumentAdd.Create(shell), DocumentList.Create(shell), DocumentGet.Create(shell), DocumentCustody.Create(shell)),
            InboxShow.Create(shell),
            Group("case", "Criminal cases of your state.", CaseCommands.Keep(shell), CaseCommands.Show(shell), CaseCommands.List(shell)),
            Group("flag", "Time limits that passed without an answer.", FlagCommands.List(shell), FlagCommands.Watch(shell)),
            Group("ladder", "How silence is raised with a partner, rung by rung.",
                LadderLists.Due(shell), LadderTake.Create(shell), LadderLists.Taken(shell)),
            LifecycleShow.Create(shell),
            TraceShow.Create(shell),
            Group("link", "Cases that belong together.", LinkList.Create(shell)),
            ServiceStatus.Create(shell),
            Group("rebuild", "What a service derived, held against the journal of Requests.", RebuildCommands.Tracking(shell), RebuildCommands.Correlation(shell)),
            Group("restore", "After a database was restored from an older copy.", RestoreCommands.Check(shell), RestoreCommands.Accept(shell)),
            Group("parked", "Messages that a service could not take in and set aside.",
                ParkedLists.List(shell), ParkedLists.Show(shell), ParkedSteps.Replay(shell), ParkedSteps.Discard(shell)),
            PkiCommand.Create(),
            Completion.Create(shell),
        };
        root.WithExamples(
            "exchange register import data/register-2004-2008 --observed-until 2008-12-31",
            "exchange turnaround --as-of 2008-12-31",
            "exchange unanswered --bloc EU --as-of 2008-12-31 --format csv",
            "exchange --as investigator request show BY-2004-003664");
        shell.Options.AddTo(root);
        Help.Improve(root);
        return root;
    }

    /// <summary>An at sign names the file of one text (`--text @answer.txt`), not one of further arguments.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>Parses and carries out; answers with the exit code.</summary>
    public static async Task<int> Run(string[] args, Surroundings here, CancellationToken stop = default)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var parsed = Create(here).Parse(args, Parsing);
        int exitCode;
        if (parsed.Action is ParseErrorAction)
            exitCode = NotUnderstood(parsed, here.Error);
        else
            exitCode = await parsed.InvokeAsync(new() { Output = here.Out, Error = here.Error, EnableDefaultExceptionHandler = false }, stop);
        await here.Out.FlushAsync(CancellationToken.None);
        await here.Error.FlushAsync(CancellationToken.None);
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
        for (var result = parsed.CommandResult; result.Command is not RootCommand; result = (System.CommandLine.Parsing.CommandResult)result.Parent!)
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
