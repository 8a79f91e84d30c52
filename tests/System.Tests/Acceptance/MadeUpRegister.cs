using System.Globalization;
using System.Text;

namespace Exchange.System.Tests;

/// <summary>
/// A register of an authority, made from a seed: other partners, other years, answers of every kind, states that joined or
/// left a bloc meanwhile; and rows damaged in a known way, which must be named and left out.
/// </summary>
sealed class MadeUpRegister
{
    public static readonly string[] Columns =
    [
        "reference", "case_number", "instrument", "requesting_state", "requested_state", "requesting_authority", "offence", "measures",
        "urgency", "transmitted_on", "acknowledged_on", "supplement_requested_on", "supplement_provided_on", "responded_on", "outcome",
        "refusal_ground",
    ];

    static readonly string[] Partners = ["DE", "PL", "GB", "HR", "RO", "BG", "GE", "TM", "KZ", "AM", "US", "TR", "CH", "DK"];
    static readonly string[] Outcomes =
        ["executed", "executed", "executed", "partially_executed", "refused", "not_executable", "returned", "withdrawn", "", "", ""];

    static readonly (string Field, string Value, string Code)[] Damages =
    [
        ("requested_state", "XX", "unknown_state"), ("instrument", "NONE-1900", "unknown_instrument"),
        ("measures", "hearing_of_witness;torture", "unknown_measure"), ("transmitted_on", "2021-02-30", "bad_date"),
        ("transmitted_on", "2031-01-01", "after_observed_until"), ("urgency", "tomorrow", "unknown_urgency"),
        ("outcome", "lost", "unknown_outcome"), ("reference", "", "missing"),
    ];

    readonly Random random;
    readonly string state;
    readonly DateOnly from;
    readonly DateOnly until;

    public MadeUpRegister(int seed, string state, DateOnly from, DateOnly until, int count)
    {
        (random, this.state, this.from, this.until) = (new(seed), state, from, until);
        for (var i = 0; i < count; i++)
        {
            var row = Sound(i);
            if (random.Next(20) == 0)
            {
                var (field, value, code) = Damages[random.Next(Damages.Length)];
                row[field] = value;
                Faults.Add((Rows.Count + 2, field, code));
            }
            else
            {
                SoundRows.Add(row);
            }
            Rows.Add(row);
        }
    }

    public List<IReadOnlyDictionary<string, string>> Rows { get; } = [];

    public List<IReadOnlyDictionary<string, string>> SoundRows { get; } = [];

    /// <summary>Row as a spreadsheet counts, column and code of each damage.</summary>
    public List<(int Row, string Field, string Code)> Faults { get; } = [];

    public string Write(string folder)
    {
        var text = new StringBuilder().AppendJoin(',', Columns).Append('\n');
        foreach (var row in Rows)
            text.AppendJoin(',', Columns.Select(column => row[column])).Append('\n');
        File.WriteAllText(Path.Combine(folder, "requests.csv"), text.ToString());
        return folder;
    }

    Dictionary<string, string> Sound(int number)
    {
        var sent = from.AddDays(random.Next(until.DayNumber - from.DayNumber + 1));
        var acknowledged = Maybe(After(sent, 30));
        var asked = Maybe(After(acknowledged ?? sent, 60), 4);
        var provided = asked is { } question ? Maybe(After(question, 90), 2) : null;
        var answered = After(provided ?? asked ?? acknowledged ?? sent, 500);
        var outcome = answered is null ? "" : Outcomes[random.Next(Outcomes.Length)];
        return new()
        {
            ["reference"] = $"{state}-{sent.Year}-{number:000000}",
            ["case_number"] = $"{state}-CASE-{number % 97:0000}",
            ["instrument"] = random.Next(2) == 0 ? "UNTOC-2000" : "BILATERAL",
            ["requesting_state"] = state,
            ["requested_state"] = Partners[random.Next(Partners.Length)],
            ["requesting_authority"] = "General Prosecutor's Office",
            ["offence"] = random.Next(2) == 0 ? "trafficking_in_persons" : "money_laundering",
            ["measures"] = random.Next(2) == 0 ? "hearing_of_witness" : "obtaining_documents;bank_account_information",
            ["urgency"] = random.Next(5) == 0 ? "urgent" : "routine",
            ["transmitted_on"] = Text(sent),
            ["acknowledged_on"] = Text(acknowledged),
            ["supplement_requested_on"] = Text(asked),
            ["supplement_provided_on"] = Text(provided),
            ["responded_on"] = outcome.Length == 0 ? "" : Text(answered),
            ["outcome"] = outcome,
            ["refusal_ground"] = outcome switch { "refused" => "dual_criminality_absent", "returned" => "form_defect", _ => "" },
        };
    }

    DateOnly? After(DateOnly? day, int atMost) => day?.AddDays(random.Next(atMost)) is { } later && later <= until ? later : null;

    DateOnly? Maybe(DateOnly? day, int oneIn = 2) => random.Next(oneIn) == 0 ? day : null;

    static string Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
