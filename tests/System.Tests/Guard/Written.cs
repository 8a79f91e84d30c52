namespace Exchange.System.Tests;

/// <summary>Rows of a register as somebody writes them by hand: sound ones, but for what the test changes.</summary>
static class Written
{
    public const string SubjectsHeader = "reference,role,name,birth_date,document_number,phone,vehicle_plate,vin\n";

    static readonly Dictionary<string, string> Sound = new()
    {
        ["case_number"] = "BY-GPK-2010-00077", ["instrument"] = "UNTOC-2000", ["requesting_state"] = "BY", ["requested_state"] = "PL",
        ["requesting_authority"] = "General Prosecutor's Office", ["offence"] = "trafficking_in_persons",
        ["measures"] = "hearing_of_witness",
        ["urgency"] = "routine", ["transmitted_on"] = "2010-03-01", ["acknowledged_on"] = "2010-03-20",
    };

    public static string RequestsHeader { get; } = string.Join(',', MadeUpRegister.Columns) + "\n";

    /// <summary>A file of requests.</summary>
    public static string Requests(params string[] rows) => RequestsHeader + string.Concat(rows);

    /// <summary>A file of subjects.</summary>
    public static string Subjects(params string[] rows) => SubjectsHeader + string.Concat(rows);

    /// <summary>A row of the requests file.</summary>
    public static string Letter(string reference, params (string Column, string Value)[] but)
    {
        var changed = but.ToDictionary(change => change.Column, change => change.Value);
        changed["reference"] = reference;
        return string.Join(
            ',', MadeUpRegister.Columns.Select(column => changed.GetValueOrDefault(column) ?? Sound.GetValueOrDefault(column, ""))) + "\n";
    }
}
