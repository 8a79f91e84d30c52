using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange lifecycle`: the table of all moves, or what the caller may do with one request now.</summary>
static class LifecycleCommand
{
    enum Shape { Table, Csv, Json, Markdown }

    public static Command Create(CommandRunner runner)
    {
        // Takes the place of the option that all commands have, for it can do one thing more.
        var format = TypedOptions.Choice("--format", "How it is written",
            ("table", Shape.Table), ("csv", Shape.Csv), ("json", Shape.Json), ("markdown", Shape.Markdown));
        var of = new Option<string?>("--of") { Description = "Only what you may do with this request now", HelpName = "REFERENCE" };
        var command = new Command("lifecycle", "Who may take which step from where, and what it means for each clock.") { of, format };
        return runner.Handle(command, async session =>
        {
            var table = await session.Services.Requests.Call(requests =>
                requests.GetLifecycleAsync(new(), session.CallOptions()).ResponseAsync);
            if (session.Value(of) is { } reference)
                table = Now(table, await new StepClient(session).Read(reference));
            switch (session.Value(format).Value)
            {
                case Shape.Csv:
                    Csv.Write(session.Out, LifecycleText.Columns, table.Moves);
                    break;
                case Shape.Json:
                    Json.Write(session.Out, table);
                    break;
                case Shape.Markdown:
                    LifecycleText.WriteMarkdown(session.Out, table);
                    break;
                default:
                    if (session.Value(of) is { } one)
                        LifecycleText.WriteCommands(session, table, one);
                    else
                        LifecycleText.WriteTable(session, table);
                    break;
            }
            return ExitCode.Ok;
        }).WithExamples(
            "exchange lifecycle",
            "exchange lifecycle --of BY-2026-000123",
            "exchange lifecycle --format markdown > LIFECYCLE.md");
    }

    // Of a step's several moves, the one that starts where the request is.
    static Lifecycle Now(Lifecycle table, MlaRequest request) => new()
    {
        Moves = { table.Moves.Where(move =>
            StepResult.StepsNow(request).Contains(move.Step) && move.FromStatuses.Contains(request.Facts.Status)) },
    };
}
