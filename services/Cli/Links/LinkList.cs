using System.CommandLine;
using Exchange.Correlation.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>`exchange link list`: cases that share an exact identifier.</summary>
static class LinkList
{
    const int PageSize = 1000;

    public static readonly Column<CaseLink>[] Columns =
    [
        new("case_a", row => row.CaseA),
        new("case_b", row => row.CaseB),
        new("shared", row => string.Join(';', row.Shared.Select(shared => EnumText.Code(shared.Kind)))),
        new("requests_a", row => string.Join(';', row.Shared.Select(shared => shared.RequestA))),
        new("requests_b", row => string.Join(';', row.Shared.Select(shared => shared.RequestB))),
    ];

    public static Command Create(CommandRunner runner)
    {
        var caseNumber = new Option<string?>("--case") { Description = "Only links of this case", HelpName = "CASE" };
        var command = new Command("list", "Cases of your state that name the same document, telephone, plate or vehicle.") { caseNumber };
        return runner.Handle(command, async session =>
        {
            var question = new ListLinksRequest { CaseNumber = session.Value(caseNumber) ?? "", PageSize = PageSize };
            var rows = Rows.Pages(async token =>
            {
                question.PageToken = token;
                var page = await session.Services.Correlation.Call(links =>
                    links.ListLinksAsync(question, session.CallOptions()).ResponseAsync);
                return ((IEnumerable<CaseLink>)page.Links, page.NextPageToken);
            });
            await Rows.Show(session, rows, Columns, async all => ShowTable(session, await all.ToListAsync()));
            return ExitCode.Ok;
        }).WithExamples("exchange link list", "exchange link list --case BY-GPK-2004-02232 --format json");
    }

    static void ShowTable(Session session, List<CaseLink> links)
    {
        var table = Rows.Table(session, "case", "and case", "share");
        foreach (var link in links)
            table.AddRow(
                Markup.Escape(link.CaseA), Markup.Escape(link.CaseB),
                Markup.Escape(string.Join(", ", link.Shared.Select(shared => EnumText.Plain(shared.Kind)).Distinct())));
        if (links.Count > 0)
            session.Screen.Write(table);
        session.Screen.WriteLine(
            $"{TextFormat.Count(links.Count, "link", "links")} between cases. A link is a lead, not a finding: what they share is read"
            + " with request show --subjects.");
    }
}
