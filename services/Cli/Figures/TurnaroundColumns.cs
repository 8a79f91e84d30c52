using Exchange.Tracking.V1;

namespace Exchange.Cli;

/// <summary>Columns of the main turnaround figures, as authorities exchange them.</summary>
static class TurnaroundColumns
{
    public static readonly Column<TurnaroundRow>[] All =
    [
        new("group", row => row.Group),
        new("requests", row => row.Counts?.Requests),
        new("answered", row => row.Counts?.Answered),
        new("refused", row => row.Counts?.Refused),
        new("withdrawn", row => row.Counts?.Withdrawn),
        new("open", row => row.Counts?.Open),
        new("fallen_due", row => row.Counts?.FallenDue),
        new("fallen_due_answered", row => row.Counts?.FallenDueAnswered),
        new("fallen_due_on_time", row => row.Counts?.FallenDueOnTime),
        new("unanswered_overdue", row => row.Counts?.UnansweredOverdue),
        new("response_rate", row => row.Rates?.Response.Rate),
        new("median_days", row => row.Gross.Median),
        new("p90_days", row => row.Gross is { HasP90Days: true } gross ? gross.P90Days : null),
        new("still_waiting_30", row => row.Gross.Waiting(30)?.Share),
        new("still_waiting_90", row => row.Gross.Waiting(90)?.Share),
        new("still_waiting_180", row => row.Gross.Waiting(180)?.Share),
        new("still_waiting_180_low", row => row.Gross.Waiting(180) is { HasLow: true } waiting ? waiting.Low : null),
        new("still_waiting_180_high", row => row.Gross.Waiting(180) is { HasHigh: true } waiting ? waiting.High : null),
        new("still_waiting_365", row => row.Gross.Waiting(365)?.Share),
        new("executed_by_180", row => row.OutcomesBy(180)?.Executed),
        new("partially_executed_by_180", row => row.OutcomesBy(180)?.PartiallyExecuted),
        new("refused_by_180", row => row.OutcomesBy(180)?.Refused),
        new("withdrawn_by_180", row => row.OutcomesBy(180)?.Withdrawn),
        new("executed_by_365", row => row.OutcomesBy(365)?.Executed),
        new("refused_by_365", row => row.OutcomesBy(365)?.Refused),
    ];
}
