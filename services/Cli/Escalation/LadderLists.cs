using System.CommandLine;
using Exchange.Tracking.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>`exchange ladder due` and `exchange ladder list`: rungs that are due, and those that were taken.</summary>
static class LadderLists
{
    const int PageSize = 200;

    public static readonly Column<TakenRung>[] TakenColumns =
    [
        new("taken_on", row => row.TakenOn),
        new("partner", row => row.Partner),
        new("rung", row => EnumText.Code(row.Rung)),
        new("references", row => string.Join(';', row.Requests.Select(request => request.Reference))),
        new("confirmed_by", row => row.ConfirmedBy),
        new("rung_name", row => row.Name),
    ];

    static readonly Column<DueRung>[] DueColumns =
    [
        new("partner", row => row.Partner),
        new("rung", row => EnumText.Code(row.Rung)),
        new("requests", row => row.Requests.Count),
        new("longest_due_on", row => row.Requests.FirstOrDefault()?.DueOn ?? ""),
        new("references", row => string.Join(';', row.Requests.Select(request => request.Reference))),
    ];

    public static Command Due(CommandRunner runner)
    {
        var partners = Partners();
        var letter = new Option<bool>("--letters") { Description = "Also the letters proposed" };
        var command = new Command("due", "Rungs that are due, by partner.") { partners, letter };
        return runner.Handle(command, async session =>
        {
            var due = await session.Services.Escalation.Call(ladder => ladder.ListDueRungsAsync(
                new() { Partners = { session.Value(partners)!.Select(code => code.ToUpperInvariant()) } },
                session.CallOptions()).ResponseAsync);
            await Rows.Show(session, due.Rungs.ToAsyncEnumerable(), DueColumns, _ =>
            {
                ShowDue(session, due, session.Value(letter));
                return Task.CompletedTask;
            });
            return ExitCode.Ok;
        }).WithExamples("exchange ladder due", "exchange ladder due --partner PL --letters");
    }

    public static Command Taken(CommandRunner runner)
    {
        var partners = Partners();
        var command = new Command("list", "Rungs that were taken, the newest first.") { partners };
        return runner.Handle(command, async session =>
        {
            var rows = Rows.Pages(async token =>
            {
                var page = await session.Services.Escalation.Call(ladder => ladder.ListTakenRungsAsync(new()
                {
                    Partners = { session.Value(partners)!.Select(code => code.ToUpperInvariant()) }, PageSize = PageSize, PageToken = token,
                }, session.CallOptions()).ResponseAsync);
                return ((IEnumerable<TakenRung>)page.Rungs, page.NextPageToken);
            });
            await Rows.Show(session, rows, TakenColumns, async all => ShowTaken(session, await all.ToListAsync()));
            return ExitCode.Ok;
        }).WithExamples("exchange ladder list", "exchange ladder list --partner PL --format json");
    }

    static Option<string[]> Partners() => TypedOptions.Codes("--partner", "Only with these states", "XX");

    static void ShowDue(Session session, ListDueRungsResponse due, bool letters)
    {
        var table = Rows.Table(session, "partner", "rung", "requests", "longest due", "for example");
        foreach (var rung in due.Rungs)
            table.AddRow(
                Markup.Escape(rung.Partner), Markup.Escape(EnumText.Plain(rung.Rung)), TextFormat.Thousands(rung.Requests.Count),
                rung.Requests.FirstOrDefault()?.DueOn ?? "", Markup.Escape(rung.Requests.FirstOrDefault()?.Reference ?? ""));
        if (due.Rungs.Count > 0)
            session.Screen.Write(table);
        if (letters)
            foreach (var rung in due.Rungs)
                session.Out.WriteLine($"{rung.Partner}, {EnumText.Plain(rung.Rung)}:\n\n{rung.Letter}\n");
        session.Out.WriteLine(due.Rungs.Count == 0 ? "Nothing is due."
            : $"{TextFormat.Count(due.Rungs.Count, "rung is", "rungs are")} due; exchange ladder take PARTNER --rung RUNG confirms one.");
    }

    static void ShowTaken(Session session, List<TakenRung> rungs)
    {
        var table = Rows.Table(session, "day", "partner", "rung", "requests", "confirmed by");
        foreach (var rung in rungs)
            table.AddRow(
                rung.TakenOn, Markup.Escape(rung.Partner), Markup.Escape(EnumText.Plain(rung.Rung)),
                TextFormat.Thousands(rung.Requests.Count), Markup.Escape(Post(rung.ConfirmedBy)));
        if (rungs.Count > 0)
            session.Screen.Write(table);
        session.Out.WriteLine($"{TextFormat.Count(rungs.Count, "rung", "rungs")} taken.");
    }

    // `exchange://BY/authority/unit/1001?role=prosecutor` as authority/unit/1001: the state is ours, and only prosecutors confirm.
    static string Post(string identity) =>
        Uri.TryCreate(identity, UriKind.Absolute, out var who) ? who.AbsolutePath.TrimStart('/') : identity;
}
