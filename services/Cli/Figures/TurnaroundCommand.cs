using System.CommandLine;
using Exchange.Reference;
using Exchange.Tracking.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>`exchange turnaround`: who answers, how fast, and who stays silent.</summary>
static class TurnaroundCommand
{
    public static Command Create(CommandRunner runner)
    {
        var by = TypedOptions.Choice("--by", "What a line stands for",
            ("partner", Grouping.Partner), ("bloc", Grouping.Bloc), ("instrument", Grouping.Instrument), ("measure", Grouping.Measure),
            ("offence", Grouping.Offence), ("urgency", Grouping.UrgencyOfRequest), ("year", Grouping.Year), ("quarter", Grouping.Quarter),
            ("recorded-by", Grouping.RecordedBy));
        var periodFrom = TypedOptions.Day("--period-from",
            "First day of the caseflow's period; 1 January of the as-of day's year unless given");
        var periodTo = TypedOptions.Day("--period-to", "Its last day; the as-of day unless given");
        var rates = new Option<bool>("--rates") { Description = "Rates, net clock, caseflow and age of what is open" };
        var explain = new Option<bool>("--explain") { Description = "Say what every figure means" };
        var filter = new FilterOptions();
        var command = new Command("turnaround", "Who answers, how fast, and who stays silent.")
        {
            by, rates, explain, periodFrom, periodTo,
        };
        filter.AddTo(command);
        return runner.Handle(command, async session =>
        {
            var question = new GetTurnaroundRequest
            {
                Direction = filter.ViewOf(session),
                Grouping = session.Value(by).Value,
                AsOf = filter.AsOf(session),
                KnownBy = filter.KnownBy(session),
                Filter = filter.Filter(session),
                LimitKind = filter.Limit(session),
                PeriodFrom = session.Value(periodFrom).ToIso(),
                PeriodTo = session.Value(periodTo).ToIso(),
            };
            var answer = await session.Services.Tracking.Call(tracking =>
                tracking.GetTurnaroundAsync(question, session.CallOptions()).ResponseAsync);
            Show(session, question, answer, session.Value(rates), session.Value(explain));
            return ExitCode.Ok;
        }).WithExamples(
            "exchange turnaround --as-of 2008-12-31",
            "exchange turnaround --by bloc --as-of 2008-12-31 --format csv",
            "exchange turnaround --by partner --rates --as-of 2008-12-31 --format csv",
            "exchange turnaround --partner PL,DE --by year --urgency urgent --explain",
            "exchange turnaround --direction incoming --limit requested --known-by 2009-01-15T12:00:00Z");
    }

    static void Show(Session session, GetTurnaroundRequest question, GetTurnaroundResponse answer, bool rates, bool explain)
    {
        switch (session.Format)
        {
            case Format.Csv:
                Csv.Write(session.Out, rates ? RatesColumns.All : TurnaroundColumns.All, answer.Rows);
                break;
            case Format.Json:
                Json.Write(session.Out, answer);
                return;
            default:
                TurnaroundPlot.Draw(session.Screen, question, answer);
                if (rates && answer.Rows.Count > 0)
                    RatesTables.Show(session, answer);
                break;
        }
        if (explain)
            Explain(session, answer);
    }

    // Beside a CSV the explanations go where they do not spoil it; JSON carries them.
    static void Explain(Session session, GetTurnaroundResponse answer)
    {
        var console = session.Format == Format.Table ? session.Screen : session.Notes;
        console.WriteLine();
        foreach (var definition in answer.Definitions)
            console.MarkupLine($"[bold]{Markup.Escape(definition.Term)}[/]: {Markup.Escape(definition.Meaning)}");
        console.WriteLine("Partners stand under their bloc of the as-of day; a bloc's total counts membership on the day of transmission.");
    }
}
