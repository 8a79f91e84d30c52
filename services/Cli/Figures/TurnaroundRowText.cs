using System.Globalization;
using Exchange.Tracking.V1;

namespace Exchange.Cli;

/// <summary>One group as text: the cells of its line, and its figures as a sentence.</summary>
static class TurnaroundRowText
{
    public const string NotReached = "not reached";

    public static string Answered(TurnaroundRow row) => row.Counts is { FallenDue: > 0 } counts
        ? $"{counts.FallenDueAnswered.ToString(CultureInfo.InvariantCulture)}/{counts.FallenDue.ToString(CultureInfo.InvariantCulture)}"
        : "";

    public static string Median(TurnaroundRow row) =>
        row.Gross.Median is { } days ? $"{days.ToString(CultureInfo.InvariantCulture)} d" : NotReached;

    /// <summary>`EU partners answered 44.2 % (953 of 2,154) of what fell due by 2008-12-31; 1,177 unanswered.`</summary>
    public static string Sentence(TurnaroundRow row, string asOf, Direction direction)
    {
        var partners = row.Group switch { "ALL" => "All partners", "other" => "Other partners", var bloc => $"{bloc} partners" };
        if (row.Counts is not { FallenDue: > 0 } counts)
            return $"{partners}: nothing had fallen due by {asOf}.";
        var figures = $"{RateBar.Percent(row.Rates?.Response.Rate)} ({TextFormat.Thousands(counts.FallenDueAnswered)} of"
            + $" {TextFormat.Thousands(counts.FallenDue)})";
        var rest = $"{TextFormat.Thousands(counts.UnansweredOverdue)} unanswered.";
        return direction == Direction.Incoming
            ? $"{partners} were answered {figures} of what fell due by {asOf}; {rest}"
            : $"{partners} answered {figures} of what fell due by {asOf}; {rest}";
    }
}
