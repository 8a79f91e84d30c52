using Spectre.Console;

namespace Exchange.Cli;

/// <summary>How far a file has come: a bar that moves where somebody watches, else nothing.</summary>
static class FileProgress
{
    public static async Task<T> Around<T>(Session session, string what, long bytes, Func<Action<long>, Task<T>> work)
    {
        if (!session.Notes.Profile.Capabilities.Interactive)
            return await work(_ => { });
        return await session.Notes.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new DownloadedColumn())
            .StartAsync(bars =>
            {
                var bar = bars.AddTask(Markup.Escape(what), maxValue: Math.Max(1, bytes));
                return work(reached => bar.Value = reached);
            });
    }
}
