using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>The columns of requests and of the subjects they name.</summary>
static class RequestColumns
{
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
        new("urgency", row => EnumText.Code(row.Facts.Urgency)),
        new("status", row => EnumText.Code(row.Facts.Status)),
        new("transmitted_on", row => row.Facts.TransmittedOn),
        new("acknowledged_on", row => row.Facts.AcknowledgedOn),
        new("answered_on", row => row.Facts.Answers.FirstOrDefault()?.AnsweredOn ?? ""),
        new("outcome", row => row.Facts.Answers.FirstOrDefault() is { } answer ? EnumText.Code(answer.Outcome) : ""),
    ];

    public static readonly Column<Subject>[] Subjects =
    [
        new("role", row => EnumText.Code(row.Role)),
        new("kind", row => EnumText.Code(row.Kind)),
        new("names", row => row.Identity is { } identity ? string.Join(';', identity.Names) : ""),
        new("birth_date", row => row.Identity?.BirthDate ?? ""),
        new("identifiers",
            row => string.Join(';', (row.Identity?.Identifiers ?? []).Select(known => $"{EnumText.Code(known.Kind)}:{known.Value}"))),
    ];
}
