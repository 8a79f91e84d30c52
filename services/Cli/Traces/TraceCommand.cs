using System.CommandLine;
using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>`exchange trace`: by which traces a request's steps can be followed, and where to look at them.</summary>
static class TraceCommand
{
    public static readonly Column<StepTrace>[] Columns =
    [
        new("version", row => row.Version),
        new("recorded_at", row => TextFormat.Minute(row.RecordedAt)),
        new("step", row => HistoryText.StepOf(row.Step)),
        new("trace_id", row => row.TraceId),
        new("link", row => row.Link),
    ];

    public static Command Create(CommandRunner runner)
    {
        var reference = RequestNames.Argument();
        var command = new Command("trace",
            "By which traces a request's steps can be followed through services and broker, and where to look at them.") { reference };
        return runner.Handle(command, async session =>
        {
            var answer = await session.Services.Requests.Call(requests =>
                requests.GetTracesAsync(new() { Name = RequestNames.Of(session.Value(reference)) }, session.CallOptions()).ResponseAsync);
            await Rows.Show(session, answer.Traces.ToAsyncEnumerable(), Columns, _ =>
            {
                foreach (var trace in answer.Traces)
                    Draw(session.Screen, trace);
                return Task.CompletedTask;
            });
            if (answer.Traces.Count == 0)
                session.Note("No trace of it is known: its steps were taken while the service sent none (OTEL_EXPORTER_OTLP_ENDPOINT).");
            else if (answer.Traces.All(trace => trace.Link.Length == 0))
                session.Note(
                    "Where to look is not set up: Telemetry:TraceLink of Requests is the address of your viewer with {traceId} in it.");
            return ExitCode.Ok;
        }).WithExamples("exchange trace BY-2026-000123", "exchange trace BY-2026-000123 --format csv");
    }

    // An address is not broken over lines, or a terminal would not open it.
    static void Draw(IAnsiConsole console, StepTrace trace)
    {
        console.MarkupLine($"[bold]{trace.Version,3}[/]  {Markup.Escape(TextFormat.Minute(trace.RecordedAt))}  "
            + $"[bold]{Markup.Escape(HistoryText.StepOf(trace.Step).Replace('_', ' '))}[/]  {Markup.Escape(trace.TraceId)}");
        if (trace.Link.Length > 0)
            console.Profile.Out.Writer.WriteLine($"     {trace.Link}");
    }
}
