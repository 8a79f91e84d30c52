using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange rebuild`: what a service derived, held against the journal it follows from.</summary>
static class RebuildCommands
{
    public static Command Tracking(CommandRunner runner) => Create(runner, "tracking", "Tracking",
        "Facts and flags from the whole journal, compared row by row and mended where they differ. Answers go on meanwhile; rungs taken"
            + " and what was told of flags stay as they are.",
        RebuildClient.Tracking);

    public static Command Correlation(CommandRunner runner) => Create(runner, "correlation", "Correlation",
        "Keyed hashes from the subjects of every request, compared and mended where they differ. Each subject is read again, and the"
            + " journal of Requests says so (purpose: correlation).",
        RebuildClient.Correlation);

    static Command Create(CommandRunner runner, string name, string service, string description,
        Func<Session, RebuildRequest, Task<RebuildProgress>> run)
    {
        var check = new Option<bool>("--check") { Description = "Only compare; nothing is changed" };
        var command = new Command(name, description + " For an operator. Ends with 3 when something differed.") { check };
        return runner.Handle(command, async session =>
        {
            var found = await run(session, new() { Check = session.Value(check) });
            RebuildClient.Show(session, found, service);
            RebuildClient.ShowBeyond(session, found);
            if (found.RowsDiffered > 0)
                session.Note(session.Value(check) ? "Nothing was changed: this was a check." : "What differed was mended.");
            return found.RowsDiffered + found.BeyondCount == 0 ? ExitCode.Ok : ExitCode.Partial;
        }).WithExamples($"exchange rebuild {name} --as operator", $"exchange rebuild {name} --check --as operator --format json");
    }
}
