using System.CommandLine;
using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>`exchange case`: who is in charge of a case, who takes part, and which requests belong to it.</summary>
static class CaseCommands
{
    const int PageSize = 500;

    public static Command Keep(CommandRunner runner)
    {
        var number = Number();
        var lead = new Option<string?>("--lead")
        {
            Description = "The unit in charge; yours, if you open the case", HelpName = "AUTHORITY/UNIT", Required = true,
        };
        var participants = Many("--participant", "A unit that takes part", "AUTHORITY/UNIT");
        var restricted = new Option<bool>("--restricted") { Description = "Only they and the officers named see its requests" };
        var officers = Many("--officer", "An officer admitted beside the units", "AUTHORITY/UNIT/NUMBER");
        var command = new Command("keep", "Open a case, or say anew all that is kept of it.")
        {
            number, lead, participants, restricted, officers,
        };
        return runner.Handle(command, async session =>
        {
            var question = new KeepCaseRequest
            {
                CommandId = Guid.CreateVersion7().ToString(),
                Case = new()
                {
                    Number = session.Value(number),
                    Lead = session.Value(lead),
                    Participants = { session.Value(participants) },
                    Restricted = session.Value(restricted),
                    Officers = { session.Value(officers) },
                },
            };
            CaseColumns.Show(session, await session.Repeat(() => session.Services.Cases.Call(cases =>
                cases.KeepCaseAsync(question, session.CallOptions()).ResponseAsync)));
            return ExitCode.Ok;
        }).WithExamples(
            "exchange case keep BY-GPK-2026-00001 --lead ministry-of-interior/trafficking --participant general-prosecutor/international"
                + " --as investigator",
            "exchange case keep BY-GPK-2026-00001 --lead ministry-of-interior/trafficking --restricted --officer"
                + " general-prosecutor/international/1001 --as investigator");
    }

    public static Command Show(CommandRunner runner)
    {
        var number = Number();
        var command = new Command("show", "A case with its requests to all states.") { number };
        return runner.Handle(command, async session =>
        {
            CaseColumns.Show(session, await session.Services.Cases.Call(cases =>
                cases.GetCaseAsync(new() { Number = session.Value(number) }, session.CallOptions()).ResponseAsync));
            return ExitCode.Ok;
        }).WithExamples("exchange case show BY-GPK-2026-00001", "exchange case show BY-GPK-2026-00001 --format json");
    }

    public static Command List(CommandRunner runner)
    {
        var command = new Command("list", "The cases that are kept here and you may see.");
        return runner.Handle(command, async session =>
        {
            var rows = Rows.Pages(async token =>
            {
                var page = await session.Services.Cases.Call(cases =>
                    cases.ListCasesAsync(new() { PageSize = PageSize, PageToken = token }, session.CallOptions()).ResponseAsync);
                return ((IEnumerable<CriminalCase>)page.Cases, page.NextPageToken);
            });
            await Rows.Show(session, rows, CaseColumns.All, async all => ShowTable(session, await all.ToListAsync()));
            return ExitCode.Ok;
        }).WithExamples("exchange case list", "exchange case list --format csv");
    }

    static void ShowTable(Session session, List<CriminalCase> cases)
    {
        var table = Rows.Table(session, "case", "lead", "with", "seen by");
        foreach (var one in cases)
            table.AddRow(
                Markup.Escape(one.Number), Markup.Escape(one.Lead),
                Markup.Escape(TextFormat.Count(one.Participants.Count, "unit", "units")),
                one.Restricted ? "restricted" : "all");
        if (cases.Count > 0)
            session.Screen.Write(table);
        session.Out.WriteLine($"{TextFormat.Count(cases.Count, "case", "cases")} kept.");
    }

    static Argument<string> Number() => new("number") { Description = "Its number in your state" };

    static Option<string[]> Many(string name, string description, string helpName) =>
        new(name) { Description = description + "; may be repeated", HelpName = helpName, DefaultValueFactory = _ => [] };
}
