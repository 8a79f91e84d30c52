using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>Shows how far an import has come: bars that move where somebody watches, else a line now and then.</summary>
sealed class ImportProgress
{
    readonly Action<string> note;
    readonly long bytes;
    ProgressTask? reading;
    ProgressTask? keeping;
    long lastTenth;

    ImportProgress(Action<string> note, long bytes) => (this.note, this.bytes) = (note, bytes);

    public static async Task<T> Around<T>(Session session, long bytes, Func<ImportProgress, Task<T>> work)
    {
        var shown = new ImportProgress(session.Note, bytes);
        if (!session.Notes.Profile.Capabilities.Interactive)
            return await work(shown);
        return await session.Notes.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(bars =>
            {
                shown.reading = bars.AddTask("reading", maxValue: Math.Max(1, bytes));
                shown.keeping = bars.AddTask("keeping", autoStart: false);
                return work(shown);
            });
    }

    public void Show(RegisterProgress progress)
    {
        var read = $"{TextFormat.Thousands(progress.RequestRowsRead)} requests, {TextFormat.Thousands(progress.SubjectRowsRead)} subject"
            + $" rows, {Megabytes(progress.BytesRead)} of {Megabytes(bytes)}";
        var kept = $"{TextFormat.Thousands(progress.RequestRowsDone)} of {TextFormat.Thousands(progress.RequestRowsRead)} requests dealt"
            + " with";
        if (reading is null || keeping is null)
        {
            ShowNowAndThen(progress, $"read {read}; {kept}");
            return;
        }
        reading.Description = read;
        reading.Value = progress.BytesRead;
        if (!keeping.IsStarted)
            keeping.StartTask();
        keeping.Description = kept;
        keeping.MaxValue = Math.Max(1, progress.RequestRowsRead);
        keeping.Value = progress.RequestRowsDone;
    }

    void ShowNowAndThen(RegisterProgress progress, string line)
    {
        var tenth = 10 * progress.BytesRead / Math.Max(1, bytes) + 10 * progress.RequestRowsDone / Math.Max(1, progress.RequestRowsRead);
        if (tenth == lastTenth)
            return;
        lastTenth = tenth;
        note(line);
    }

    static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:0.0} MB");
}
