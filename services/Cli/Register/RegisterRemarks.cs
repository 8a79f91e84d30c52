using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>Gathers the remarks of an import: the first for the screen, all for a file, none twice when a try is repeated.</summary>
sealed class RegisterRemarks(Session session, string? path) : IDisposable
{
    const int OnScreen = 50;

    public static readonly Column<RegisterRemark>[] Columns =
    [
        new("severity", row => EnumText.Code(row.Severity)),
        new("file", row => EnumText.Code(row.File)),
        new("row", row => row.Row),
        new("reference", row => row.Reference),
        new("field", row => row.Field),
        new("code", row => row.Code),
        new("message", row => row.Message),
    ];

    readonly List<RegisterRemark> first = [];
    TextWriter? file;
    long count;
    bool unusable;

    public void Begin()
    {
        first.Clear();
        count = 0;
        unusable = false;
        file?.Dispose();
        if (path is null)
            return;
        try
        {
            file = new StreamWriter(path) { NewLine = "\n" };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Failed, $"{path} cannot be written.");
        }
        Csv.WriteHeader(file, Columns);
    }

    public void Add(RegisterRemark remark)
    {
        count++;
        unusable |= remark is { Row: 0, Severity: Severity.Fault };
        // Programs get every remark; a screen the first ones, so that memory stays flat whatever the register is like.
        if (first.Count < OnScreen || session.Format != Format.Table)
            first.Add(remark);
        if (file is not null)
            Csv.WriteRow(file, Columns, remark);
    }

    public int Show(RegisterReport report)
    {
        switch (session.Format)
        {
            case Format.Csv:
                Csv.Write(session.Out, Columns, first);
                break;
            case Format.Json:
                var whole = report.Clone();
                whole.Remarks.Clear();
                whole.Remarks.Add(first);
                Json.Write(session.Out, whole);
                break;
            default:
                ShowTable();
                ShowReport(report);
                break;
        }
        if (unusable)
            throw new CommandException(ExitCode.Failed, "Nothing was taken in: a file as a whole cannot be used.",
                "Mend what is named above and start again.");
        return report.Faulty > 0 || report.Faults > 0 ? ExitCode.Partial : ExitCode.Ok;
    }

    public void Dispose() => file?.Dispose();

    void ShowTable()
    {
        if (count == 0)
            return;
        var table = Rows.Table(session, "", "file", "row", "reference", "field", "what");
        table.Columns[2].RightAligned();
        table.Columns[5].NoWrap = false;
        foreach (var remark in first)
            table.AddRow(
                remark.Severity == Severity.Fault ? "[red]fault[/]" : "warning", EnumText.Code(remark.File),
                remark.Row > 0 ? TextFormat.Thousands(remark.Row) : "",
                Markup.Escape(remark.Reference), Markup.Escape(remark.Field), Markup.Escape($"{remark.Message} ({remark.Code})"));
        session.Screen.Write(table);
        if (count > first.Count)
            session.Note(path is null
                ? $"… and {TextFormat.Thousands(count - first.Count)} more; --remarks FILE.csv writes all."
                : $"… and {TextFormat.Thousands(count - first.Count)} more, all in {path}.");
    }

    void ShowReport(RegisterReport report)
    {
        session.Screen.WriteLine(
            $"{TextFormat.Count(report.RequestRows, "request", "requests")} read with"
                + $" {TextFormat.Count(report.SubjectRows, "subject row", "subject rows")}: "
            + $"{TextFormat.Thousands(report.Added)} new, {TextFormat.Thousands(report.Corrected)} corrected,"
            + $" {TextFormat.Thousands(report.Unchanged)} unchanged, {TextFormat.Thousands(report.Faulty)} left out; "
            + $"{TextFormat.Count(report.Subjects, "subject", "subjects")} kept; "
            + $"{TextFormat.Count(report.Faults, "fault", "faults")}, {TextFormat.Count(report.Warnings, "warning", "warnings")}.");
    }
}
