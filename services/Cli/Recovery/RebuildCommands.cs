using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange rebuild`: what a service derived, held against the journal it follows from.</summary>
static class RebuildCommands
{
    public static Command Tracking(Shell shell) => Create(shell, "tracking", "Tracking",
        "Facts and flags from the whole journal, compared row by row and mended where they differ. Answers go on meanwhile; rungs taken and what was told of flags stay as they are.",
        Rebuilding.Tracking);

    public static Command Correlation(Shell shell) => Create(shell, "correlation", "Correlation",
        "Keyed hashes from the subjects of every request, compared and mended where they differ. Each subject is read again, and the journal of Requests says so (purpose: correlation).",
        Rebuilding.Correlation);

    static Command Create(Shell shell, string name, string service, string description, Func<Session, RebuildRequest, Task<RebuildProgress>> run)
    {
        var check = new Option<bool>("--check") { Description = "Only compare; nothing is changed" };
        var command = new Command(name, description + " For an operator. Ends with 3 when something differed.") { check };
        return shell.Carries(command, async session =>
        {
            var found = await run(session, new() { Check = session.Value(check) });
            Rebuilding.Show(session, found, service);
            Rebuilding.ShowBeyond(session, found);
            if (found.RowsDiffered > 0)
                session.Note(session.Value(check) ? "Nothing was changed: this was a check." : "What differed was mended.");
            return found.RowsDiffered + found.BeyondCount == 0 ? ExitCode.Ok : ExitCode.Partial;
        }).WithExamples($"exchange rebuild {name} --as operator", $"exchange rebuild {name} --check --as operator --format json");
    }
}
