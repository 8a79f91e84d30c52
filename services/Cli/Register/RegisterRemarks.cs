using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>Gathers the remarks of an import: the first for the screen, all for a file, none twice when a try is repeated.</summary>
sealed class RegisterRemarks(Session session, string? path) : IDisposable
{
    const int OnScreen = 50;

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
            throw new Problem(ExitCode.Failed, $"{path} cannot be written.");
        }
        Csv.WriteHeader(file, ListColumns.Remarks);
    }

    public void Add(RegisterRemark remark)
    {
        count++;
        unusable |= remark is { Row: 0, Severity: Severity.Fault };
        // Programs get every remark; a screen the first ones, so that memory stays flat whatever the register is like.
        if (first.Count < OnScreen || session.Format != Format.Table)
            first.Add(remark);
        if (file is not null)
            Csv.WriteRow(file, ListColumns.Remarks, remark);
    }

    public int Show(RegisterReport report)
    {
        switch (session.Format)
        {
            case Format.Csv:
                Csv.Write(session.Out, ListColumns.Remarks, first);
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
            throw new Problem(ExitCode.Failed, "Nothing was taken in: a file as a whole cannot be used.", "Mend what is named above and start again.");
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
                remark.Severity == Severity.Fault ? "[red]fault[/]" : "warning", Words.Of(remark.File), remark.Row > 0 ? Rows.Thousands(remark.Row) : "",
                Markup.Escape(remark.Reference), Markup.Escape(remark.Field), Markup.Escape($"{remark.Message} ({remark.Code})"));
        session.Screen.Write(table);
        if (count > first.Count)
            session.Note(path is null
                ? $"… and {Rows.Thousands(count - first.Count)} more; --remarks FILE.csv writes all."
                : $"… and {Rows.Thousands(count - first.Count)} more, all in {path}.");
    }

    void ShowReport(RegisterReport report)
    {
        session.Screen.WriteLine(
            $"{Words.Count(report.RequestRows, "request", "requests")} read with {Words.Count(report.SubjectRows, "subject row", "subject rows")}: "
            + $"{Rows.Thousands(report.Added)} new, {Rows.Thousands(report.Corrected)} corrected, {Rows.Thousands(report.Unchanged)} unchanged, {Rows.Thousands(report.Faulty)} left out; "
            + $"{Words.Count(report.Subjects, "subject", "subjects")} kept; "
            + $"{Words.Count(report.Faults, "fault", "faults")}, {Words.Count(report.Warnings, "warning", "warnings")}.");
    }
}
