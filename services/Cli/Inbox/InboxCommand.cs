using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange inbox`: what is new since the caller last looked, and what comes while he watches.</summary>
static class InboxCommand
{
    const int PageSize = 500;

    public static readonly Column<InboxItem>[] Columns =
    [
        new("sealed_no", row => row.SealedNo),
        new("reference", row => row.Reference),
        new("requesting_state", row => row.RequestingState),
        new("requested_state", row => row.RequestedState),
        new("step", row => EnumText.Code(row.Step)),
        new("status", row => EnumText.Code(row.Status)),
        new("side", row => EnumText.Code(row.Side)),
        new("occurred_on", row => row.OccurredOn),
        new("recorded_at", row => TextFormat.Minute(row.RecordedAt)),
        new("rung", row => EnumText.Code(row.Rung)),
        new("urgency", row => EnumText.Code(row.Urgency)),
        new("request", row => row.Request),
        new("version", row => row.Version),
    ];

    public static Command Create(CommandRunner runner)
    {
        var mine = new Option<bool>("--mine") { Description = "Only requests assigned to you, your unit or your authority" };
        var watch = new Option<bool>("--watch") { Description = "Then wait for more, until Ctrl-C" };
        var mark = new Option<bool>("--mark")
        {
            Description = "Remember that you saw it, although --mine or --all showed you a part or more (usual without them)",
        };
        var noMark = new Option<bool>("--no-mark") { Description = "Do not remember that you saw it" };
        var all = new Option<bool>("--all") { Description = "From the beginning, not since you last looked" };
        var command = new Command("inbox", "What is new for you since you last looked.") { mine, watch, all, mark, noMark };
        return runner.Handle(command, async session =>
        {
            // To mark up to a number of which only a part was shown hides the rest; only he can want that.
            var marks = session.Value(mark) || !(session.Value(noMark) || session.Value(mine) || session.Value(all));
            var reached = await List(session, session.Value(mine), session.Value(all), last: !session.Value(watch));
            if (marks)
                await Mark(session, reached);
            if (session.Value(watch))
                await Watch(session, reached, session.Value(mine), marks);
            return ExitCode.Ok;
        }).WithExamples(
            "exchange inbox --as liaison-pl",
            "exchange inbox --mine --watch --as investigator",
            "exchange inbox --all --format csv --as prosecutor");
    }

    static async Task<long> List(Session session, bool mine, bool all, bool last)
    {
        List<InboxItem> items = [];
        ListInboxResponse page;
        var after = all ? -1L : 0;
        do
        {
            page = await session.Services.Inbox.Call(inbox =>
                inbox.ListInboxAsync(new() { AfterSealedNo = after, Mine = mine, PageSize = PageSize },
                    session.CallOptions()).ResponseAsync);
            items.AddRange(page.Items);
            after = page.Items.LastOrDefault()?.SealedNo ?? after;
        }
        while (page.More && page.Items.Count > 0);
        await Show(session, items, last);
        return page.SealedNo;
    }

    static async Task Show(Session session, List<InboxItem> items, bool last)
    {
        switch (session.Format)
        {
            case Format.Csv:
                Csv.Write(session.Out, Columns, items);
                break;
            case Format.Json when last:
                await Json.WriteArray(session.Out, items.ToAsyncEnumerable());
                break;
            case Format.Json:
                foreach (var item in items)
                    Json.WriteLine(session.Out, item);
                break;
            default:
                foreach (var item in items)
                    session.Out.WriteLine(Line(item));
                if (items.Count == 0)
                    session.Note("There is nothing new.");
                break;
        }
        await session.Out.FlushAsync(session.Stop);
    }

    static Task<MarkInboxResponse> Mark(Session session, long reached) => session.Services.Inbox.Call(inbox =>
        inbox.MarkInboxAsync(new() { SealedNo = reached }, session.CallOptions()).ResponseAsync);

    static Task Watch(Session session, long from, bool mine, bool marks) => WatchLoop.Run(session, from, (after, heard) =>
        session.Services.Inbox.Call(async inbox =>
        {
            using var call = inbox.WatchInbox(new() { AfterSealedNo = after, Mine = mine }, session.LongCallOptions());
            while (await call.ResponseStream.MoveNext(session.Stop))
            {
                var news = call.ResponseStream.Current;
                if (news.Item is { } item)
                    ShowOne(session, item);
                heard(news.SealedNo);
                if (marks && news.Item is not null)
                    await inbox.MarkInboxAsync(new() { SealedNo = news.SealedNo }, session.CallOptions());
            }
            return after;
        }));

    static void ShowOne(Session session, InboxItem item)
    {
        if (session.Format == Format.Csv)
            Csv.WriteRow(session.Out, Columns, item);
        else if (session.Format == Format.Json)
            Json.WriteLine(session.Out, item);
        else
            session.Out.WriteLine(Line(item));
        session.Out.Flush();
    }

    static string Line(InboxItem item) =>
        $"{TextFormat.Minute(item.RecordedAt)}  {item.Reference}  {item.RequestingState} to {item.RequestedState}"
        + $"{(item.Urgency == Urgency.Urgent ? ", urgent" : "")}: {EnumText.Plain(item.Step)}"
        + $"{(item.Rung == Rung.Unspecified ? "" : $" ({EnumText.Plain(item.Rung)})")}, now {EnumText.Plain(item.Status)}";
}
