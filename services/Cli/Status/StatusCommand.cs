using System.CommandLine;
using System.Globalization;
using Exchange.Client;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>`exchange status`: are the three services there, who are they, and how far have they come.</summary>
static class StatusCommand
{
    /// <summary>How one service is doing; counts that it does not have are absent.</summary>
    sealed record Report(
        string Service, string Address, bool Reachable, string Trouble, string Build, string Identity,
        long? Held = null, long? SealedNo = null, long? Unsealed = null, long? Outbox = null, string OldestOutboxAt = "",
        long? Parked = null,
        long? InMemory = null, long? MemoryBytes = null, string Attention = "")
    {
        public long? Lag { get; init; }
    }

    static readonly Column<Report>[] Columns =
    [
        new("service", report => report.Service),
        new("address", report => report.Address),
        new("reachable", report => report.Reachable ? "true" : "false"),
        new("trouble", report => report.Trouble),
        new("build", report => report.Build),
        new("identity", report => report.Identity),
        new("held", report => report.Held),
        new("sealed_no", report => report.SealedNo),
        new("unsealed", report => report.Unsealed),
        new("outbox", report => report.Outbox),
        new("oldest_outbox_at", report => report.OldestOutboxAt),
        new("parked", report => report.Parked),
        new("lag", report => report.Lag),
        new("in_memory", report => report.InMemory),
        new("memory_bytes", report => report.MemoryBytes),
        new("attention", report => report.Attention),
    ];

    public static Command Create(CommandRunner runner) =>
        runner.Handle(new("status", "Are the services there, who are they, and how far have they come."), async session =>
    {
        var services = session.Services;
        var reports = WithLag(await Task.WhenAll(
            Ask(services.Requests, async requests => Of(await requests.GetStatusAsync(new(), session.CallOptions()))),
            Ask(services.Tracking, async tracking => Of(await tracking.GetStatusAsync(new(), session.CallOptions()))),
            Ask(services.Correlation, async correlation => Of(await correlation.GetStatusAsync(new(), session.CallOptions())))));
        Show(session, reports);
        session.Note($"You are {services.OwnIdentity}.");
        return reports.All(report => report.Reachable) ? ExitCode.Ok : ExitCode.Failed;
    }).WithExamples("exchange status", "exchange status --format json --as operator");

    static async Task<Report> Ask<T>(ServiceClient<T> client, Func<T, Task<Report>> ask) where T : ClientBase<T>
    {
        var address = client.Address.GetLeftPart(UriPartial.Authority);
        try
        {
            var report = await client.Call(ask);
            return report with { Service = client.Service, Address = address, Identity = client.PeerIdentity };
        }
        catch (ServiceCallException failure)
        {
            var told = new StringWriter();
            ErrorReport.Write(told, failure);
            var trouble = told.ToString().Split('\n')[0].Replace("exchange: ", "", StringComparison.Ordinal);
            // Who is told that his role may not ask has reached it all the same.
            var reached = failure.Cause.StatusCode is StatusCode.PermissionDenied;
            return new(client.Service, address, reached, trouble, "", client.PeerIdentity);
        }
    }

    static Report Of(Requests.V1.GetStatusResponse status) => new("", "", true, "", status.Build, "",
        status.Requests, status.SealedNo, status.Unsealed, status.Outbox, Instant(status.OldestOutboxAt),
        Attention: string.Join(" ", status.Attention));

    static Report Of(Tracking.V1.GetStatusResponse status) => new("", "", true, "", status.Build, "",
        status.Requests, status.SealedNo, Parked: status.Parked, InMemory: status.ColumnsRequests, MemoryBytes: status.ColumnsBytes,
        Attention: string.Join(" ", status.Attention));

    static Report Of(Correlation.V1.GetStatusResponse status) => new("", "", true, "", status.Build, "",
        status.Identifiers, status.SealedNo, Parked: status.Parked, Attention: string.Join(" ", status.Attention));

    static Report[] WithLag(Report[] reports) =>
        [reports[0], .. reports.Skip(1).Select(report => report with { Lag = LagBehind(reports[0].SealedNo, report.SealedNo) })];

    // They were asked at the same time, so a follower may be a little ahead of the number we got.
    static long? LagBehind(long? head, long? follower) => head - follower is { } lag ? Math.Max(0, lag) : null;

    static string Instant(Timestamp? at) =>
        at?.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "";

    static void Show(Session session, Report[] reports)
    {
        switch (session.Format)
        {
            case Format.Csv:
                Csv.Write(session.Out, Columns, reports);
                break;
            case Format.Json:
                var rows = reports.Select(report => new Struct
                {
                    Fields = { Columns.ToDictionary(column => column.Name, column => Value.ForString(column.Text(report))) },
                });
                session.Out.WriteLine(new ListValue { Values = { rows.Select(Value.ForStruct) } }.ToString());
                break;
            default:
                ShowTable(session, reports);
                break;
        }
    }

    static void ShowTable(Session session, Report[] reports)
    {
        foreach (var report in reports)
        {
            var state = report.Reachable ? "[green]up[/]" : "[red]down[/]";
            session.Screen.MarkupLine(
                $"[bold]{report.Service,-12}[/] {state}  {Markup.Escape(report.Address)}  {Markup.Escape(report.Build)}");
            if (report.Identity.Length > 0)
                session.Screen.MarkupLine($"             [grey]{Markup.Escape(report.Identity)}[/]");
            session.Screen.MarkupLine($"             {Markup.Escape(report.Trouble.Length == 0 ? Figures(report) : report.Trouble)}");
            if (report.Attention.Length > 0)
                session.Screen.MarkupLine($"             [yellow]{Markup.Escape(report.Attention)}[/]");
        }
    }

    static string Since(string instant) => instant.Length > 0 ? $" since {instant}" : "";

    static string Figures(Report report)
    {
        var what = report.Service == nameof(Correlation) ? "identifiers" : "requests";
        string?[] parts =
        [
            $"{TextFormat.Thousands(report.Held ?? 0)} {what}",
            $"sealed up to {TextFormat.Thousands(report.SealedNo ?? 0)}",
            report.Unsealed is { } unsealed ? $"{TextFormat.Thousands(unsealed)} not yet sealed" : null,
            report.Outbox is { } outbox
                ? $"{TextFormat.Thousands(outbox)} in the outbox{Since(report.OldestOutboxAt)}"
                : null,
            report.Lag is { } lag ? $"{TextFormat.Thousands(lag)} behind" : null,
            report.Parked is { } parked ? $"{TextFormat.Thousands(parked)} parked" : null,
            report.InMemory is { } held
                ? $"{TextFormat.Thousands(held)} in memory for figures ({TextFormat.Thousands(report.MemoryBytes ?? 0)} bytes)" : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }
}
