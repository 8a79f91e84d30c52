using System.CommandLine;
using Exchange.Operations.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>`exchange parked list` and `show`: messages that a service could not take in, and why.</summary>
static class ParkedLists
{
    const int PageSize = 500;

    static readonly Column<ParkedMessage>[] Columns =
    [
        new("id", row => row.Id),
        new("type", row => row.Type),
        new("parked_at", row => TextFormat.Minute(row.ParkedAt)),
        new("tries", row => row.Tries),
        new("cause", row => row.Cause),
    ];

    public static Command List(CommandRunner runner)
    {
        var service = ParkedService.Option();
        var command = new Command("list", "Messages that were set aside, the oldest first.") { service };
        return runner.Handle(command, async session =>
        {
            var rows = Rows.Pages(async token =>
            {
                var page = await session.Parked(service).Call(parked =>
                    parked.ListParkedAsync(new() { PageSize = PageSize, PageToken = token }, session.CallOptions()).ResponseAsync);
                return ((IEnumerable<ParkedMessage>)page.Messages, page.NextPageToken);
            });
            await Rows.Show(session, rows, Columns, async all => ShowList(session, await all.ToListAsync()));
            return ExitCode.Ok;
        }).WithExamples("exchange parked list --as operator", "exchange parked list --service requests --format json --as operator");
    }

    public static Command Show(CommandRunner runner)
    {
        var (id, service) = (ParkedSteps.Id(), ParkedService.Option());
        var command = new Command("show", "One of them with its content.") { id, service };
        return runner.Handle(command, async session =>
        {
            var message = await session.Parked(service)
                .Call(parked => parked.GetParkedAsync(new() { Id = session.Value(id) }, session.CallOptions()).ResponseAsync);
            await Rows.Show(session, new[] { message }.ToAsyncEnumerable(), Columns, _ =>
            {
                ShowHead(session, message);
                session.Out.WriteLine();
                session.Out.WriteLine(message.Body.ToStringUtf8());
                return Task.CompletedTask;
            });
            return ExitCode.Ok;
        }).WithExamples("exchange parked show 019a3c5e-0000-7000-8000-000000000001 --as operator");
    }

    // A cause does not fit beside the rest, and is what one looks for.
    static void ShowList(Session session, List<ParkedMessage> messages)
    {
        foreach (var message in messages)
            ShowHead(session, message);
        session.Out.WriteLine($"{TextFormat.Count(messages.Count, "message is", "messages are")} parked.");
    }

    static void ShowHead(Session session, ParkedMessage message)
    {
        session.Screen.MarkupLine($"[bold]{Markup.Escape(message.Id)}[/]  {Markup.Escape(message.Type)}");
        session.Screen.MarkupLine($"  [grey]{TextFormat.Minute(message.ParkedAt)}, {TextFormat.Count(message.Tries, "try", "tries")}[/]");
        session.Screen.MarkupLine($"  {Markup.Escape(message.Cause)}");
    }
}
