using System.CommandLine;
using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>`exchange request readings`: who read whom a letter names.</summary>
static class ReadingList
{
    public static readonly Column<Reading>[] Columns =
    [
        new("state", row => row.State),
        new("read_on", row => row.ReadOn),
        new("purpose", row => EnumText.Code(row.Purpose)),
        new("officer", row => row.Officer),
        new("case_number", row => row.CaseNumber),
        new("justification", row => row.Justification),
    ];

    public static Command Create(CommandRunner runner)
    {
        var reference = RequestNames.Argument();
        var command = new Command("readings",
            "Who read the identities of its subjects: of your own state by whom and why, of the partner's when and for what.")
        {
            reference,
        };
        return runner.Handle(command, async session =>
        {
            var answer = await session.Services.Requests.Call(requests =>
                requests.ListReadingsAsync(new() { Name = RequestNames.Of(session.Value(reference)) }, session.CallOptions())
                    .ResponseAsync);
            await Rows.Show(session, answer.Readings.ToAsyncEnumerable(), Columns, _ =>
            {
                ShowTable(session, answer.Readings);
                return Task.CompletedTask;
            });
            return ExitCode.Ok;
        }).WithExamples("exchange request readings BY-2026-000123", "exchange request readings BY-2026-000123 --format csv");
    }

    static void ShowTable(Session session, IReadOnlyCollection<Reading> readings)
    {
        var table = Rows.Table(session, "day", "state", "purpose", "officer", "case", "reason");
        foreach (var reading in readings)
            table.AddRow(
                Markup.Escape(reading.ReadOn), Markup.Escape(reading.State), Markup.Escape(EnumText.Plain(reading.Purpose)),
                Markup.Escape(reading.Officer), Markup.Escape(reading.CaseNumber), Markup.Escape(reading.Justification));
        if (readings.Count > 0)
            session.Screen.Write(table);
        session.Screen.WriteLine($"{TextFormat.Count(readings.Count, "reading", "readings")} that you are told of.");
    }
}
