using Exchange.Tracking.V1;

namespace Exchange.Cli;

/// <summary>Columns of the rates, the net clock, the caseflow of a period and the age of what is open.</summary>
static class RatesColumns
{
    public static readonly Column<TurnaroundRow>[] All =
    [
        new("group", row => row.Group),
        new("fallen_due", row => row.Counts?.FallenDue),
        new("fulfilled", row => row.Counts?.Fulfilled),
        new("partially", row => row.Counts?.Partially),
        new("refused", row => row.Counts?.FallenDueRefused),
        new("silent", row => row.Counts?.Silent),
        new("response_rate", row => row.Rates?.Response.Rate),
        new("response_low", row => row.Rates?.Response is { HasLow: true } share ? share.Low : null),
        new("response_high", row => row.Rates?.Response is { HasHigh: true } share ? share.High : null),
        new("on_time_rate", row => row.Rates?.OnTime.Rate),
        new("net_on_time_rate", row => row.Rates?.NetOnTime.Rate),
        new("fulfilment_rate", row => row.Rates?.Fulfilment.Rate),
        new("refusal_rate", row => row.Rates?.Refusal.Rate),
        new("silence_rate", row => row.Rates?.Silence.Rate),
        new("net_median_days", row => row.Net.Median),
        new("transmitted_in_year", row => row.Caseflow?.Transmitted),
        new("ended_in_year", row => row.Caseflow?.Ended),
        new("pending", row => row.Caseflow?.Pending),
        new("clearance_rate", row => row.Caseflow is { HasClearanceRate: true } flow ? flow.ClearanceRate : null),
        new("disposition_days", row => row.Caseflow is { HasDispositionDays: true } flow ? flow.DispositionDays : null),
        new("age_0_30", row => row.Ages?.Days030),
        new("age_31_90", row => row.Ages?.Days3190),
        new("age_91_180", row => row.Ages?.Days91180),
        new("age_181_365", row => row.Ages?.Days181365),
        new("age_over_365", row => row.Ages?.Over365),
    ];
}
