using System.CommandLine;

namespace Exchange.Cli;

/// <summary>`exchange restore`: after a database was restored from an older copy, what is missing, and how to go on.</summary>
static class RestoreCommands
{
    public static Command Check(CommandRunner runner)
    {
        var command = new Command("check",
            "After a restore: says what the services know that Requests no longer holds. Changes nothing. For an operator. Ends with 3"
                + " when something has to be seen to.");
        return runner.Handle(command, async session =>
        {
            var attention = await Attention(session);
            foreach (var (service, what) in attention)
                session.Note($"{service}: {what}");
            var found = await RebuildClient.Tracking(session, new() { Check = true });
            RebuildClient.Show(session, found, "Tracking");
            RebuildClient.ShowBeyond(session, found);
            if (attention.Count > 0 || found.BeyondCount > 0)
                session.Note(found.BeyondCount == 0 ? "Nothing is known to be missing. exchange restore accept opens Requests again."
                    : "Keep this list: these have to be entered again, or asked of the partner. A newer copy would save that; otherwise"
                    + " exchange restore accept goes on from the journal as it is.");
            return attention.Count + found.BeyondCount + found.RowsDiffered == 0 ? ExitCode.Ok : ExitCode.Partial;
        }).WithExamples("exchange restore check --as operator", "exchange restore check --as operator --format json");
    }

    public static Command Accept(CommandRunner runner)
    {
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var command = new Command("accept",
            "After a restore of Requests: goes on from its journal as it is. What lies beyond it leaves every figure and is kept as"
                + " evidence in Tracking; no reference is given twice; rungs of the ladder that were taken are told to Requests again."
            + " For an operator. May be repeated.")
        {
            yes,
        };
        return runner.Handle(command, async session =>
        {
            if (!session.Value(yes) && !Agrees(session))
                return ExitCode.Failed;
            var found = await RebuildClient.Tracking(session, new() { Accept = true });
            RebuildClient.Show(session, found, "Tracking");
            RebuildClient.ShowBeyond(session, found);
            await RebuildClient.Correlation(session, new() { Accept = true });
            // Last, for from here on Requests gives versions and references again.
            var opened = await session.Services.Requests.Call(requests => requests.AcceptRestoreAsync(
                new() { ReferencesSeen = { found.HighestReferences } }, session.CallOptions()).ResponseAsync);
            var rungs = found.RungsToldAgain > 0
                ? $"; {TextFormat.Count(found.RungsToldAgain, "rung is", "rungs are")} told to Requests again"
                : "";
            session.Note(
                $"Requests goes on after entry {TextFormat.Thousands(opened.SealedNo)}."
                + $" {TextFormat.Count(found.BeyondCount, "version was", "versions were")} set aside{rungs}.");
            return ExitCode.Ok;
        }).WithExamples("exchange restore accept --as operator", "exchange restore accept --as operator --yes");
    }

    static async Task<List<(string Service, string What)>> Attention(Session session)
    {
        var services = session.Services;
        var requests = await services.Requests.Call(client => client.GetStatusAsync(new(), session.CallOptions()).ResponseAsync);
        var tracking = await services.Tracking.Call(client => client.GetStatusAsync(new(), session.CallOptions()).ResponseAsync);
        var correlation = await services.Correlation.Call(client => client.GetStatusAsync(new(), session.CallOptions()).ResponseAsync);
        return
        [
            .. requests.Attention.Select(what => ("Requests", what)), .. tracking.Attention.Select(what => ("Tracking", what)),
            .. correlation.Attention.Select(what => ("Correlation", what)),
        ];
    }

    static bool Agrees(Session session)
    {
        session.Note("What exchange restore check lists leaves the figures for good. Go on? [y/N]");
        var agreed = session.In.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
        if (!agreed)
            session.Note("Nothing was changed. --yes goes on without asking.");
        return agreed;
    }
}
