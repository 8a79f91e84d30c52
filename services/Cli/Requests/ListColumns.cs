using Exchange.Correlation.V1;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Cli;

/// <summary>The columns of everything that is listed one by one.</summary>
static class ListColumns
{
    public static readonly Column<UnansweredRequest>[] Unanswered =
    [
        new("reference", row => row.Reference),
        new("requested_state", row => row.RequestedState),
        new("transmitted_on", row => row.TransmittedOn),
        new("due_on", row => row.DueOn),
    ];

    public static readonly Column<MlaRequest>[] Requests =
    [
        new("reference", row => row.Facts.Reference),
        new("request", row => row.Name),
        new("case_number", row => row.Facts.CaseNumber),
        new("requesting_state", row => row.Facts.RequestingState),
        new("requested_state", row => row.Facts.RequestedState),
        new("instrument", row => row.Facts.Instrument),
        new("offence", row => row.Facts.Offence),
        new("measures", row => string.Join(';', row.Facts.Measures)),
        new("urgency", row => Words.Of(row.Facts.Urgency)),
        new("status", row => Words.Of(row.Facts.Status)),
        new("transmitted_on", row => row.Facts.TransmittedOn),
        new("acknowledged_on", row => row.Facts.AcknowledgedOn),
        new("answered_on", row => row.Facts.Answers.FirstOrDefault()?.AnsweredOn ?? ""),
        new("outcome", row => row.Facts.Answers.FirstOrDefault() is { } answer ? Words.Of(answer.Outcome) : ""),
    ];

    public static readonly Column<Subject>[] Subjects =
    [
        new("role", row => Words.Of(row.Role)),
        new("kind", row => Words.Of(row.Kind)),
        new("names", row => row.Identity is { } identity ? string.Join(';', identity.Names) : ""),
        new("birth_date", row => row.Identity?.BirthDate ?? ""),
        new("identifiers", row => string.Join(';', (row.Identity?.Identifiers ?? []).Select(known => $"{Words.Of(known.Kind)}:{known.Value}"))),
    ];

    public static readonly Column<CaseLink>[] Links =
    [
        new("case_a", row => row.CaseA),
        new("case_b", row => row.CaseB),
        new("shared", row => string.Join(';', row.Shared.Select(shared => Words.Of(shared.Kind)))),
        new("requests_a", row => string.Join(';', row.Shared.Select(shared => shared.RequestA))),
        new("requests_b", row => string.Join(';', row.Shared.Select(shared => shared.RequestB))),
    ];

    public static readonly Column<RegisterRemark>[] Remarks =
    [
        new("severity", row => Words.Of(row.Severity)),
        new("file", row => Words.Of(row.File)),
        new("row", row => row.Row),
        new("reference", row => row.Reference),
        new("field", row => row.Field),
        new("code", row => row.Code),
        new("message", row => row.Message),
    ];
}
