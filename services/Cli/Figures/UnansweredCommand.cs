using System.CommandLine;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>`exchange unanswered`: what fell due and was neither answered nor withdrawn nor returned.</summary>
static class UnansweredCommand
{
    const int PageSize = 1000;

    public static readonly Column<UnansweredRequest>[] Columns =
    [
        new("reference", row => row.Reference),
        new("requested_state", row => row.RequestedState),
        new("transmitted_on", row => row.TransmittedOn),
        new("due_on", row => row.DueOn),
    ];

    public static Command Create(CommandRunner runner)
    {
        var filter = new FilterOptions();
        var command = new Command("unanswered", "What fell due and is unanswered, the longest overdue first.");
        filter.AddTo(command);
        return runner.Handle(command, async session =>
        {
            var question = new ListUnansweredRequest
            {
                Direction = filter.ViewOf(session),
                AsOf = filter.AsOf(session),
                KnownBy = filter.KnownBy(session),
                Filter = filter.Filter(session),
                LimitKind = filter.Limit(session),
                PageSize = PageSize,
            };
            var last = new ListUnansweredResponse();
            var rows = Rows.Pages(async token =>
            {
                question.PageToken = token;
                last = await session.Services.Tracking.Call(tracking =>
                    tracking.ListUnansweredAsync(question, session.CallOptions()).ResponseAsync);
                return ((IEnumerable<UnansweredRequest>)last.Requests, last.NextPageToken);
            });
            await Rows.Show(session, rows, Columns, async all => ShowTable(session, await all.ToListAsync(), last));
            return ExitCode.Ok;
        }).WithExamples(
            "exchange unanswered --as-of 2008-12-31",
            "exchange unanswered --bloc EU --as-of 2008-12-31 --format csv",
            "exchange unanswered --partner PL --offence trafficking_in_persons --from 2007-01-01");
    }

    static void ShowTable(Session session, List<UnansweredRequest> rows, ListUnansweredResponse last)
    {
        var table = Rows.Table(session, "reference", "to", "sent", "due", "overdue", "state of things", "from");
        foreach (var row in rows)
            table.AddRow(
                Markup.Escape(row.Reference), Markup.Escape(row.RequestedState), row.TransmittedOn, row.DueOn,
                $"{TextFormat.Thousands(row.DaysOverdue)} d", Markup.Escape(StateOfThings(row)),
                row.FlagOrigin == Origin.Imported ? "import" : "exchange");
        table.Columns[4].RightAligned();
        if (rows.Count > 0)
            session.Screen.Write(table);
        session.Screen.WriteLine(
            $"{TextFormat.Count(last.TotalSize, "request", "requests")} unanswered as of {last.AsOf}, of which"
                + $" {TextFormat.Thousands(rows.Count(row => row.Silent))} in silence"
            + $" and {TextFormat.Thousands(rows.Count(row => row.WaitingOnUs))} waiting on the requester.");
    }

    static string StateOfThings(UnansweredRequest row) => row switch
    {
        { WaitingOnUs: true } => "waits on the requester",
        { Silent: true } => "silent",
        _ => "some sign of life",
    };
}
