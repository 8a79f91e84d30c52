using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>The column names of a file: where each known column stands.</summary>
sealed class RegisterHeaderRow
{
    readonly int[] places;

    RegisterHeaderRow(int width, int[] places, IReadOnlyList<RegisterRemark> remarks) =>
        (Width, this.places, Remarks) = (width, places, remarks);

    /// <summary>Number of fields that every row must have.</summary>
    public int Width { get; }

    /// <summary>A fault among them means that the file cannot be used.</summary>
    public IReadOnlyList<RegisterRemark> Remarks { get; }

    public static RegisterHeaderRow Read(RegisterFile file, CsvRow row)
    {
        if (row.Fields.Any(name => name is null || name.Contains('\0')))
            return Unusable(file, "not_utf8",
                "The file is not UTF-8 (perhaps UTF-16, or a code page such as Windows-1251). Save it as \"CSV UTF-8\" and import it "
                + "again.");
        if (row.Defect != CsvDefect.None)
            return Unusable(file, "malformed_header",
                "The first row is not a row of column names: its quotes do not pair, or it is too long. Export the file again as CSV.");

        var names = Array.ConvertAll(row.Fields, name => name!.Trim());
        if (names is [var only] && only.AsSpan().ContainsAny(';', '\t', '|'))
            return Unusable(file, "wrong_separator", "The columns are not separated by commas. Export the file as CSV with commas.");

        var known = RegisterColumns.Of(file);
        var missing = known.Names.Except(names).Select(name => Remark.Fault(file, 0, "", name, "missing_column",
            $"The column {name} is missing. The first row must hold the names: {string.Join(',', known.Names)}."));
        var repeated = known.Names.Where(name => names.Count(n => n == name) > 1).Select(name => Remark.Fault(file, 0, "", name,
            "repeated_column", $"The column {name} is there more than once. Remove or rename the others."));
        // Unknown names are not repeated: without a header the first row may be about a person.
        var unknown = names.Index().Where(n => known[n.Item] < 0).Select(n => Remark.Warning(file, 0, "", "", "unknown_column",
            $"Column {n.Index + 1} has a name that is not known here and is left out of account."));

        return new(names.Length, [.. known.Names.Select(name => Array.IndexOf(names, name))], [.. missing, .. repeated, .. unknown]);
    }

    public static RegisterHeaderRow Unusable(RegisterFile file, string code, string message) =>
        new(0, [], [Remark.Fault(file, 0, "", "", code, message)]);

    public int PlaceOf(int column) => places[column];
}
