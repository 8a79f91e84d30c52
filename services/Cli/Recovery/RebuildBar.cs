using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>Shows how far a rebuild has come: a bar that moves where somebody watches, else a line now and then.</summary>
sealed class RebuildBar
{
    readonly Action<string> note;
    ProgressTask? reading;
    long lastTenth;

    RebuildBar(Action<string> note) => this.note = note;

    public static async Task<T> Around<T>(Session session, Func<RebuildBar, Task<T>> work)
    {
        var shown = new RebuildBar(session.Note);
        if (!session.Notes.Profile.Capabilities.Interactive)
            return await work(shown);
        return await session.Notes.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(bars =>
            {
                shown.reading = bars.AddTask("reading");
                return work(shown);
            });
    }

    public void Show(RebuildProgress progress)
    {
        var line = $"{TextFormat.Thousands(progress.EntriesRead)} of {TextFormat.Thousands(progress.Entries)} entries read,"
            + $" {TextFormat.Thousands(progress.RowsCompared)} rows compared, {TextFormat.Thousands(progress.RowsDiffered)} differed";
        if (reading is not null)
        {
            reading.Description = line;
            reading.MaxValue = Math.Max(1, progress.Entries);
            reading.Value = progress.EntriesRead;
            return;
        }
        var tenth = 10 * progress.EntriesRead / Math.Max(1, progress.Entries);
        if (tenth == lastTenth && !progress.Done)
            return;
        lastTenth = tenth;
        note(line);
    }
}
