using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange request history`: what was done with a request, by whom, and in whose words.</summary>
static class HistoryCommand
{
    public static readonly Column<HistoryEntry>[] Columns =
    [
        new("version", row => row.Version),
        new("recorded_at", row => TextFormat.Minute(row.RecordedAt)),
        new("step", row => HistoryText.StepOf(row.Step)),
        new("occurred_on", row => string.Join(';', row.Steps.Select(step => step.OccurredOn).Distinct())),
        new("actor", row => row.Actor),
        new("signed", row => row.Signed ? "yes" : "no"),
        new("superseded_steps", row => string.Join(';', row.SupersededSteps)),
        new("words", row => HistoryText.FreeTextOf(row.Act)),
        new("entry_hash", row => Convert.ToHexStringLower(row.EntryHash.Span)),
    ];

    public static Command Create(CommandRunner runner)
    {
        var reference = RequestNames.Argument();
        var command = new Command("history", "What was done, by whom, and in whose words; what a correction superseded is struck out.")
        {
            reference,
        };
        return runner.Handle(command, async session =>
        {
            var history = await session.Services.Requests.Call(requests =>
                requests.GetHistoryAsync(new() { Name = RequestNames.Of(session.Value(reference)) }, session.CallOptions()).ResponseAsync);
            await Rows.Show(session, history.Entries.ToAsyncEnumerable(), Columns, _ =>
            {
                HistoryTimeline.Draw(session.Screen, history.Entries);
                return Task.CompletedTask;
            });
            return ExitCode.Ok;
        }).WithExamples("exchange request history BY-2026-000123", "exchange request history BY-2026-000123 --format csv > history.csv");
    }
}
