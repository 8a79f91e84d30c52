using System.CommandLine;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>`exchange flag`: time limits that passed without an answer, and what became of them.</summary>
static class FlagCommands
{
    const int PageSize = 500;
    const int RowsOnScreen = 50;

    public static readonly Column<FlagChange>[] Columns =
    [
        new("reference", row => row.Reference),
        new("requesting_state", row => row.RequestingState),
        new("requested_state", row => row.RequestedState),
        new("limit_kind", row => EnumText.Code(row.LimitKind)),
        new("due_on", row => row.DueOn),
        new("event", row => EnumText.Code(row.Event)),
        new("raised_at", row => TextFormat.Minute(row.RaisedAt)),
        new("cleared_on", row => row.ClearedOn),
        new("waiting_on_us", row => row.WaitingOnUs ? "yes" : "no"),
        new("silent", row => row.Silent ? "yes" : "no"),
        new("origin", row => EnumText.Code(row.Origin)),
        new("replaces_due_on", row => row.ReplacesDueOn),
        new("case_number", row => row.CaseNumber),
        new("change_no", row => row.ChangeNo),
    ];

    public static Command List(CommandRunner runner)
    {
        var standing = new Option<bool>("--standing") { Description = "Only those that stand" };
        var partners = TypedOptions.Codes("--partner", "Only of these states", "XX");
        var limit = TypedOptions.ChoiceWithoutDefault<LimitKind>("--limit", "Only of this kind of limit",
            ("policy", LimitKind.Policy), ("requested", LimitKind.Requested), ("statutory", LimitKind.Statutory),
            ("benchmark", LimitKind.Benchmark));
        var command = new Command("list", "Flags, the newest change first.") { standing, partners, limit };
        return runner.Handle(command, async session =>
        {
            var most = session.Format == Format.Table ? RowsOnScreen : int.MaxValue;
            var question = new ListFlagsRequest
            {
                Standing = session.Value(standing),
                Partners = { session.Value(partners)!.Select(code => code.ToUpperInvariant()) },
                LimitKind = session.Value(limit).Value,
                PageSize = Math.Min(PageSize, most),
            };
            var more = false;
            var rows = Rows.Pages(async token =>
            {
                question.PageToken = token;
                var page = await session.Services.Escalation.Call(flags =>
                    flags.ListFlagsAsync(question, session.CallOptions()).ResponseAsync);
                more = page.NextPageToken.Length > 0;
                return ((IEnumerable<FlagChange>)page.Flags, page.NextPageToken);
            }).Take(most);
            await Rows.Show(session, rows, Columns, async all => ShowTable(session, await all.ToListAsync()));
            if (more && session.Format == Format.Table)
                session.Note("There are more; --format csv shows all.");
            return ExitCode.Ok;
        }).WithExamples("exchange flag list --standing --partner PL", "exchange flag list --format csv");
    }

    public static Command Watch(CommandRunner runner)
    {
        var after = new Option<long?>("--after") { Description = "From this change on (from now on)", HelpName = "NUMBER" };
        var command = new Command("watch", "Flags as they are raised and cleared, until Ctrl-C.") { after };
        return runner.Handle(command, async session =>
        {
            if (session.Format == Format.Csv)
                Csv.WriteHeader(session.Out, Columns);
            await WatchLoop.Run(session, session.Value(after) ?? -1, (number, heard) => session.Services.Escalation.Call(async flags =>
            {
                using var call = flags.WatchFlags(new() { AfterChangeNo = number }, session.LongCallOptions());
                while (await call.ResponseStream.MoveNext(session.Stop))
                {
                    var news = call.ResponseStream.Current;
                    if (news.Change is { } change)
                        ShowOne(session, change);
                    heard(news.ChangeNo);
                }
                return number;
            }));
            return ExitCode.Ok;
        }).WithExamples("exchange flag watch", "exchange flag watch --after 0 --format json");
    }

    static void ShowOne(Session session, FlagChange change)
    {
        if (session.Format == Format.Csv)
            Csv.WriteRow(session.Out, Columns, change);
        else if (session.Format == Format.Json)
            Json.WriteLine(session.Out, change);
        else
            session.Out.WriteLine($"{TextFormat.Minute(change.RecordedAt)}  {change.Reference}  to {change.RequestedState}: "
                + $"{EnumText.Plain(change.LimitKind)} limit of {change.DueOn}, {State(change)}");
        session.Out.Flush();
    }

    static void ShowTable(Session session, List<FlagChange> flags)
    {
        var table = Rows.Table(session, "reference", "to", "limit", "due", "flag");
        foreach (var flag in flags)
            table.AddRow(
                Markup.Escape(flag.Reference), Markup.Escape(flag.RequestedState), Markup.Escape(EnumText.Plain(flag.LimitKind)),
                flag.DueOn,
                Markup.Escape(State(flag)));
        if (flags.Count > 0)
            session.Screen.Write(table);
        session.Out.WriteLine($"{TextFormat.Count(flags.Count, "flag", "flags")} shown.");
    }

    static string State(FlagChange flag) => string.Join(", ", new[]
    {
        flag.Event == FlagEvent.Cleared ? $"cleared on {flag.ClearedOn}" : EnumText.Plain(flag.Event),
        flag.ReplacesDueOn.Length > 0 ? $"in place of {flag.ReplacesDueOn}" : "",
        flag.WaitingOnUs ? "waiting on us" : "",
        flag.Silent ? "silent" : "",
        flag.Origin == Origin.Imported ? "from a register" : "",
    }.Where(part => part.Length > 0));
}
