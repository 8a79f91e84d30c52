using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

/// <summary>Rows of registers as text and as read.</summary>
static class RegisterText
{
    /// <summary>A faultless row, answered after a question.</summary>
    public const string Row = "BY-2005-000001,BY-GP-1,UNTOC-2000,BY,PL,General Prosecutor's Office,trafficking_in_persons,"
        + "hearing_of_witness;search_and_seizure,routine,2005-01-10,2005-01-20,2005-02-01,2005-02-10,2005-03-01,executed,";

    public static ReferenceData Reference { get; } = ReferenceData.Load();

    public static RegisterContext Context { get; } = new(Reference, new(), "BY", new(2008, 12, 31));

    public static string RequestsHeader { get; } = string.Join(',', RegisterColumns.Requests.Names);

    public static string SubjectsHeader { get; } = string.Join(',', RegisterColumns.Subjects.Names);

    /// <summary>The row with some columns changed: <c>column=value</c>.</summary>
    public static string With(params string[] changes)
    {
        var fields = Row.Split(',');
        foreach (var change in changes)
            fields[RegisterColumns.Requests[change[..change.IndexOf('=')]]] = change[(change.IndexOf('=') + 1)..];
        return string.Join(',', fields);
    }

    public static (RequestRow? Request, IReadOnlyList<RegisterRemark> Remarks) Judge(params string[] changes) =>
        RequestRules.Judge(Parse(RegisterFile.Requests, With(changes)), Context);

    /// <summary>The row judged, which must be faultless.</summary>
    public static RequestRow Sound(params string[] changes) => Judge(changes).Request.ShouldNotBeNull();

    public static RegisterRow Parse(RegisterFile file, string line)
    {
        var fields = line.Split(',');
        return new(file, 7, fields[0], fields, []);
    }
}
