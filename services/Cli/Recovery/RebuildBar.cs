using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>Shows how far the reading of a journal has come: a bar that moves where somebody watches, else a line now and then.</summary>
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

    /// <summary>How far a rebuild has come.</summary>
    public void Show(RebuildProgress progress) => Show(progress.EntriesRead, progress.Entries, progress.Done,
        $", {TextFormat.Thousands(progress.RowsCompared)} rows compared, {TextFormat.Thousands(progress.RowsDiffered)} differed");

    /// <summary>How many entries were read.</summary>
    /// <param name="more">What else there is to say, after a comma.</param>
    public void Show(long read, long all, bool done, string more = "")
    {
        var line = $"{TextFormat.Thousands(read)} of {TextFormat.Thousands(all)} entries read{more}";
        if (reading is not null)
        {
            reading.Description = line;
            reading.MaxValue = Math.Max(1, all);
            reading.Value = read;
            return;
        }
        var tenth = 10 * read / Math.Max(1, all);
        if (tenth == lastTenth && !done)
            return;
        lastTenth = tenth;
        note(line);
    }
}
