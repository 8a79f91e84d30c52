using System.Runtime.CompilerServices;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// Reads one file of a register, in flat memory. A file that cannot be used gives a last row that
/// <see cref="RegisterRow.ConcernsFile"/>; all other defects concern the row they are in.
/// </summary>
sealed class RegisterFileReader(RegisterFile file, Stream source)
{
    /// <summary>Longest row, in bytes; longer ones are named and left out.</summary>
    public const int MaxRowBytes = 64 * 1024;

    /// <summary>Longest field, in UTF-16 characters.</summary>
    public const int MaxFieldLength = 2_000;

    readonly RegisterColumns columns = RegisterColumns.Of(file);

    /// <summary>The rows that say something, in the file's order; rows of empty fields are passed over.</summary>
    public async IAsyncEnumerable<RegisterRow> Rows([EnumeratorCancellation] CancellationToken ct)
    {
        RegisterHeaderRow? header = null;
        await foreach (var row in new CsvRows(source, MaxRowBytes).Read(ct))
        {
            if (header is null)
            {
                header = RegisterHeaderRow.Read(file, row);
                if (header.Remarks.Count > 0)
                    yield return new(file, 0, "", null, header.Remarks);
                if (header.Remarks.Any(r => r.Severity == Severity.Fault))
                    yield break;
            }
            else if (row.Defect != CsvDefect.None || row.Fields.Any(field => field is not ""))
            {
                yield return Read(header, row);
            }
        }

        if (header is null)
            yield return new(file, 0, "", null,
                RegisterHeaderRow.Unusable(file, "empty_file", "The file is empty; its first row must hold the column names.").Remarks);
    }

    RegisterRow Read(RegisterHeaderRow header, CsvRow row)
    {
        var place = header.PlaceOf(columns["reference"]);
        var reference = place < row.Fields.Length && row.Fields[place]?.Trim() is { } text && RequestName.IsReference(text) ? text : "";
        RegisterRow Unreadable(string code, string message) =>
            new(file, row.Number, reference, null, [Remark.Fault(file, row.Number, reference, "", code, message)]);

        if (row.Defect == CsvDefect.MalformedQuotes)
            return Unreadable("malformed_quotes",
                "The quotes of this row do not pair. Put a field that holds a quote, a comma or a line break in quotes, and double "
                + "the quotes inside it.");
        if (row.Defect == CsvDefect.TooLong)
            return Unreadable("row_too_long",
                $"The row is longer than {MaxRowBytes / 1024} KiB. Export the file again, one row per entry.");
        if (row.Fields.Length != header.Width)
            return Unreadable("wrong_field_count",
                $"The row has {row.Fields.Length} fields, the header {header.Width}. Put a field that holds a comma in quotes.");

        List<RegisterRemark> remarks = [];
        var fields = new string[columns.Names.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = row.Fields[header.PlaceOf(i)]?.Trim() ?? "";
            if (Complaint(row.Fields[header.PlaceOf(i)]) is var (code, message))
                remarks.Add(Remark.Fault(file, row.Number, reference, columns.Names[i], code, message));
        }

        return new(file, row.Number, reference, remarks.Count == 0 ? fields : null, remarks);
    }

    static (string Code, string Message)? Complaint(string? field) => field switch
    {
        null => ("not_utf8", "The field is not UTF-8. Save the file as \"CSV UTF-8\" and import it again."),
        { Length: > MaxFieldLength } => ("field_too_long", $"The field is longer than {MaxFieldLength} characters. Shorten it."),
        _ when field.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t')) =>
            ("control_character", "The field holds a control character. Remove it."),
        _ => null,
    };
}
