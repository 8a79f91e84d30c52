using System.Globalization;
using Exchange.Tracking.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>The rates, the caseflow of the period and the age of what is open, as three narrow tables.</summary>
static class RatesTables
{
    public static void Show(Session session, GetTurnaroundResponse answer)
    {
        var flow = answer.Rows.Select(row => row.Caseflow).FirstOrDefault(flow => flow is not null);
        Table(session, $"Of what fell due by {answer.AsOf}", answer,
            ("due", row => Number(row.Counts?.FallenDue)),
            ("answered", row => RateBar.Percent(row.Rates?.Response.Rate)),
            ("in time", row => RateBar.Percent(row.Rates?.OnTime.Rate)),
            ("net in time", row => RateBar.Percent(row.Rates?.NetOnTime.Rate)),
            ("in full", row => RateBar.Percent(row.Rates?.Fulfilment.Rate)),
            ("refused", row => RateBar.Percent(row.Rates?.Refusal.Rate)),
            ("silent", row => RateBar.Percent(row.Rates?.Silence.Rate)),
            ("net median", row => row.Net.Median is { } days ? $"{days} d" : TurnaroundRowText.NotReached));
        Table(session, $"Caseflow from {flow?.PeriodFrom} to {flow?.PeriodTo}", answer,
            ("sent", row => Number(row.Caseflow?.Transmitted)),
            ("ended", row => Number(row.Caseflow?.Ended)),
            ("pending", row => Number(row.Caseflow?.Pending)),
            ("clearance", row => RateOf(row.Caseflow is { HasClearanceRate: true } known ? known.ClearanceRate : null)),
            ("disposition",
                row => row.Caseflow is { HasDispositionDays: true } known
                ? $"{known.DispositionDays.ToString("N0", CultureInfo.InvariantCulture)} d" : ""));
        Table(session, $"Open on {answer.AsOf}, by days since transmission", answer,
            ("0-30", row => Number(row.Ages?.Days030)),
            ("31-90", row => Number(row.Ages?.Days3190)),
            ("91-180", row => Number(row.Ages?.Days91180)),
            ("181-365", row => Number(row.Ages?.Days181365)),
            ("over 365", row => Number(row.Ages?.Over365)),
            ("oldest", row => Number(row.Ages?.OldestDays)));
    }

    static void Table(
        Session session, string title, GetTurnaroundResponse answer, params (string Heading, Func<TurnaroundRow, string> Cell)[] columns)
    {
        session.Screen.WriteLine();
        session.Screen.MarkupLine($"[bold]{Markup.Escape(title)}[/]");
        var table = Rows.Table(session, ["", .. columns.Select(column => column.Heading)]);
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        foreach (var row in answer.Rows)
            table.AddRow([Markup.Escape(row.Group), .. columns.Select(column => Markup.Escape(column.Cell(row)))]);
        session.Screen.Write(table);
    }

    static string Number(int? number) => number is { } known ? TextFormat.Thousands(known) : "";

    // Clearance may exceed 100 %, unlike a share.
    static string RateOf(double? rate) => rate is { } known ? $"{(known * 100).ToString("0.0", CultureInfo.InvariantCulture)} %" : "";
}
