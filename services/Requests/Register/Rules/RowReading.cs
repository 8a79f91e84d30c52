using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>One row being read: each field is checked as it is taken, and faults are gathered rather than thrown.</summary>
sealed class RowReading(RegisterRow row, DateOnly observedUntil)
{
    readonly List<RegisterRemark> remarks = [];

    public IReadOnlyList<RegisterRemark> Remarks => remarks;

    public bool IsSound => !remarks.Exists(r => r.Severity == Severity.Fault);

    public string this[string column] => row[column];

    public void Fault(string column, string code, string message) =>
        remarks.Add(Remark.Fault(row.File, row.Number, row.Reference, column, code, message));

    public void Warn(string column, string code, string message) =>
        remarks.Add(Remark.Warning(row.File, row.Number, row.Reference, column, code, message));

    /// <summary>A field that must not be empty; where it is, that is a fault.</summary>
    public string Required(string column)
    {
        if (row[column].Length == 0)
            Fault(column, "missing", $"{column} is empty. Fill it in.");
        return row[column];
    }

    /// <summary>The reference, by which a request is known and its subjects find it.</summary>
    public string Reference()
    {
        if (Required("reference").Length > 0 && !RequestName.IsReference(row["reference"]))
            Fault("reference", "bad_reference",
                "The reference must hold a digit, at most 64 characters and no line break. Look whether the columns have slipped.");
        return row["reference"];
    }

    /// <summary>A code out of a fixed set; the default when empty or unknown, which is a fault.</summary>
    public T? Code<T>(string column, string unknown, string remedy, Func<string, T?> find)
    {
        var code = Required(column);
        if (code.Length == 0)
            return default;
        if (find(code) is { } found)
            return found;

        Fault(column, unknown, $"{column} is not a known code. {remedy}");
        return default;
    }

    /// <summary>A legal day, or null when empty or faulty. Not after the last day the register was kept.</summary>
    public DateOnly? Day(string column)
    {
        if (row[column].Length == 0)
            return null;
        if (LegalDay.ParseEntered(row[column]) is not { } day)
        {
            Fault(column, "bad_date", $"{column} is not a calendar day since 1900. Write it as YYYY-MM-DD.");
            return null;
        }

        if (day > observedUntil)
            Fault(column, "after_observed_until",
                $"{column} lies after the last day the register was kept, {observedUntil.ToIso()}. Mend the day, or state the "
                + "later last day.");
        return day;
    }
}
