using System.CommandLine;
using Exchange.Reference;
using Exchange.Requests.V1;
using Spectre.Console;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.Cli;

/// <summary>`exchange request list`: the letters the caller may see, newest transmission first.</summary>
static class RequestList
{
    const int PageSize = 500;
    const int RowsOnScreen = 50;

    public static Command Create(CommandRunner runner)
    {
        var to = TypedOptions.Codes("--requested-state", "Only to these states", "XX");
        var of = TypedOptions.Codes("--requesting-state", "Only from these states", "XX");
        var statuses = TypedOptions.Choices("--status", "Only those that stand here",
            [.. Enum.GetValues<Status>().Where(status => status != Status.Unspecified).Select(status => (EnumText.Code(status), status))]);
        var caseNumber = new Option<string?>("--case") { Description = "Only of this case", HelpName = "CASE" };
        var from = TypedOptions.Day("--from", "Transmitted on or after this day");
        var until = TypedOptions.Day("--to", "Transmitted on or before this day");
        var top = new Option<int?>("--top") { Description = $"At most so many ({RowsOnScreen} in a table, else all)", HelpName = "N" };
        top.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is <= 0)
                result.AddError("--top is 1 or more.");
        });
        var mine = new Option<bool>("--mine") { Description = "Only those assigned to you, your unit or your authority" };
        var command = new Command("list", "Letters of request you may see, newest first.")
        {
            to, of, statuses, caseNumber, from, until, mine, top,
        };
        return runner.Handle(command, async session =>
        {
            var most = session.Value(top) ?? (session.Format == Format.Table ? RowsOnScreen : int.MaxValue);
            var question = new ListRequestsRequest
            {
                PageSize = Math.Min(PageSize, most),
                RequestedStates = { session.Value(to)!.Select(code => code.ToUpperInvariant()) },
                RequestingStates = { session.Value(of)!.Select(code => code.ToUpperInvariant()) },
                Statuses = { session.Value(statuses) },
                CaseNumber = session.Value(caseNumber) ?? "",
                TransmittedFrom = session.Value(from).ToIso(),
                TransmittedTo = session.Value(until).ToIso(),
                Mine = session.Value(mine),
            };
            var more = false;
            var rows = Rows.Pages(async token =>
            {
                question.PageToken = token;
                var page = await session.Services.Requests.Call(requests =>
                    requests.ListRequestsAsync(question, session.CallOptions()).ResponseAsync);
                more = page.NextPageToken.Length > 0;
                return ((IEnumerable<MlaRequest>)page.Requests, page.NextPageToken);
            }).Take(most);
            await Rows.Show(session, rows, RequestColumns.Requests, async all => ShowTable(session, await all.ToListAsync()));
            if (more && session.Format == Format.Table)
                session.Note($"There are more; --top N shows them, --format csv all.");
            return ExitCode.Ok;
        }).WithExamples(
            "exchange request list --requested-state PL --from 2008-01-01",
            "exchange request list --status transmitted,acknowledged --top 200",
            "exchange request list --mine --status supplement-requested --as investigator",
            "exchange request list --case BY-GPK-2004-02232 --format json");
    }

    static void ShowTable(Session session, List<MlaRequest> requests)
    {
        var table = Rows.Table(session, "reference", "from", "to", "sent", "status", "offence");
        foreach (var facts in requests.Select(request => request.Facts))
            table.AddRow(
                Markup.Escape(facts.Reference), Markup.Escape(facts.RequestingState), Markup.Escape(facts.RequestedState),
                facts.TransmittedOn,
                Markup.Escape(EnumText.Plain(facts.Status)), Markup.Escape(facts.Offence));
        if (requests.Count > 0)
            session.Screen.Write(table);
        session.Screen.WriteLine($"{TextFormat.Count(requests.Count, "request", "requests")} shown.");
    }
}
