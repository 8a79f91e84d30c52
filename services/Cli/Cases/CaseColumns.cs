using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>The columns of cases, and a case as a page.</summary>
static class CaseColumns
{
    public static readonly Column<CriminalCase>[] All =
    [
        new("number", row => row.Number),
        new("state", row => row.State),
        new("lead", row => row.Lead),
        new("participants", row => string.Join(';', row.Participants)),
        new("restricted", row => row.Restricted ? "yes" : "no"),
        new("officers", row => string.Join(';', row.Officers)),
        new("requests", row => row.Requests.Count),
        new("case", row => row.Name),
    ];

    public static void Show(Session session, CriminalCase one)
    {
        switch (session.Format)
        {
            case Format.Csv:
                Csv.Write(session.Out, All, [one]);
                break;
            case Format.Json:
                Json.Write(session.Out, one);
                break;
            default:
                Page(session.Out, one);
                break;
        }
    }

    static void Page(TextWriter output, CriminalCase one)
    {
        output.WriteLine($"{one.Number} ({one.State}){(one.Name.Length == 0 ? ", named by requests and not kept" : "")}");
        Field("lead", one.Lead);
        Field("with", string.Join(", ", one.Participants));
        Field("officers", string.Join(", ", one.Officers));
        Field("seen by",
            one.Name.Length == 0 ? "" : one.Restricted ? "lead, participants and officers named" : $"everybody of {one.State}");
        foreach (var facts in one.Requests)
        {
            var sent = facts.TransmittedOn.Length > 0 ? facts.TransmittedOn : "not sent   ";
            output.WriteLine($"  {facts.Reference}  to {facts.RequestedState}  {sent}  {EnumText.Plain(facts.Status)}");
        }

        void Field(string name, string value)
        {
            if (value.Length > 0)
                output.WriteLine($"  {name,-12}{value}");
        }
    }
}
