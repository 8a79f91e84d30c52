using System.Globalization;
using CsvHelper;

namespace Exchange.Reference;

/// <summary>One table as read: rows that know their place, so that a fault can name it.</summary>
sealed class ReferenceTable
{
    readonly List<string> faults;

    public ReferenceTable(string file, string[] columns, Func<string, TextReader> open, List<string> faults)
    {
        File = file;
        this.faults = faults;
        try
        {
            using var reader = CsvReader.Create(open(file), new CsvReaderOptions
            {
                Separator = ',',
                TrackLineNumbers = true,
                OnMalformedRecord = record => Fault(record.LineNumber, "its quotes do not pair"),
            });
            Rows = ReadRows(reader, columns);
        }
        catch (Exception e) when (e is IOException or CsvFormatException)
        {
            Fault(0, e.Message);
        }
    }

    public string File { get; }

    public List<ReferenceRow> Rows { get; } = [];

    // Rows are lines of the file, the header being 1; 0 stands for the table as a whole.
    public void Fault(long row, string what) => faults.Add(row == 0 ? $"{File}: {what}" : $"{File} row {row}: {what}");

    List<ReferenceRow> ReadRows(CsvReader reader, string[] columns)
    {
        var rows = new List<ReferenceRow>();
        if (!columns.SequenceEqual(reader.Headers))
        {
            Fault(1, "the columns must be " + string.Join(",", columns));
            return rows;
        }

        while (reader.Read())
            if (reader.FieldCount == columns.Length)
                rows.Add(new(this, reader.LineNumber, columns, [.. columns.Index().Select(c => reader.GetString(c.Index))]));
            else
                Fault(reader.LineNumber, $"has {reader.FieldCount} fields instead of {columns.Length}");

        if (rows.Count == 0)
            Fault(0, "holds no rows");

        return rows;
    }
}

/// <summary>One row; reading a field checks it, and a fault is noted rather than thrown.</summary>
sealed class ReferenceRow(ReferenceTable table, long number, string[] columns, string[] fields)
{
    public string this[string column] => fields[Array.IndexOf(columns, column)];

    public void Fault(string what) => table.Fault(number, what);

    public string Text(string column)
    {
        if (string.IsNullOrWhiteSpace(this[column]) || this[column] != this[column].Trim())
            Fault($"{column} is empty or has blanks around it");

        return this[column];
    }

    public string OneOf(string column, params ReadOnlySpan<string> allowed)
    {
        if (!allowed.Contains(this[column]))
            Fault($"{column} '{this[column]}' is not one of {string.Join(", ", allowed)}");

        return this[column];
    }

    public string Letters(string column, int length)
    {
        if (this[column].Length != length || !this[column].All(char.IsAsciiLetterUpper))
            Fault($"{column} '{this[column]}' is not {length} upper-case letters");

        return this[column];
    }

    public int? Days(string column)
    {
        if (this[column].Length == 0)
            return null;
        if (int.TryParse(this[column], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days > 0)
            return days;

        Fault($"{column} '{this[column]}' is not a positive number of days");
        return null;
    }

    // `open` is what an empty field stands for; without it the field must not be empty.
    public DateOnly Day(string column, DateOnly? open = null)
    {
        if (this[column].Length == 0 && open is { } instead)
            return instead;
        if (LegalDay.TryParse(this[column], out var day))
            return day;

        Fault($"{column} '{this[column]}' is not a day");
        return open ?? DateOnly.MinValue;
    }
}
