using System.Text.RegularExpressions;
using Exchange.System.Tests.Otlp;
using Exchange.Testing;

namespace Exchange.System.Tests;

/// <summary>Who looks for a step finds it: nothing idle stands before it, and it bears the command's name.</summary>
public sealed partial class TracesWorthReading(WithAQuietExchange quiet) : IClassFixture<WithAQuietExchange>
{
    [Fact]
    public void An_exchange_that_has_nothing_to_do_sends_no_span() =>
        quiet.Spans.Where(span => span.Span.StartTimeUnixNano < quiet.Tree("exchange request draft").Root.Span.StartTimeUnixNano)
            .Select(span => span.Title).Distinct().ShouldBeEmpty();

    [Fact]
    public void A_step_is_one_trace_that_begins_with_the_command_and_bears_its_name()
    {
        var roots = quiet.Spans.Where(span => span.Parent.Length == 0 && span.Service == "exchange-cli").ToList();

        roots.Select(span => span.Span.Name).ShouldBe(
            ["exchange request draft", "exchange request transmit", "exchange request show", "exchange trace", "exchange trace",
                "exchange trace"]);
        var step = quiet.Tree("exchange request draft");
        step.Strays.ShouldBeEmpty($"{step}");
        step.Along("exchange-cli exchange.requests.v1.RequestRegistry/CreateDraft",
            "exchange-requests exchange.requests.v1.RequestRegistry/CreateDraft",
            "exchange-requests ledger append", "exchange-requests INSERT journal");
    }

    [Fact]
    public void What_a_step_leaves_to_the_background_is_a_root_of_its_own_that_links_to_it()
    {
        var step = quiet.Tree("exchange request draft");
        var linked = quiet.Spans.Where(span => span.Parent.Length == 0 && step.Spans.Any(span.LinksTo)).ToList();

        linked.Select(span => span.Title).Distinct().ShouldBe(
            ["exchange-requests seal journal", "exchange-tracking follow requests", "exchange-correlation follow requests"],
            ignoreOrder: true);
        // And nothing else has begun a trace.
        quiet.Spans.Where(span => span.Parent.Length == 0 && span.Service != "exchange-cli").Select(span => span.Span.Name).Distinct()
            .ShouldBe(["seal journal", "follow requests"], ignoreOrder: true);
    }

    [Fact]
    public void Every_statement_says_operation_and_table()
    {
        var statements = quiet.Spans.Where(span => span.Source == "Npgsql").ToList();

        statements.ShouldNotBeEmpty();
        foreach (var span in statements)
        {
            span["db.system.name"].ShouldBe("postgresql");
            span.Span.Name.ShouldBe(span["db.query.summary"]);
            span.Span.Name.ShouldBe($"{span["db.operation.name"]} {span["db.collection.name"]}".TrimEnd());
        }
        // Locks and temporary tables have no table to name.
        statements.Where(span => span["db.collection.name"] is null).Select(span => span["db.query.text"])
            .ShouldAllBe(text => NoTable().IsMatch(text!));
    }

    [Fact]
    public void What_is_refused_or_not_there_is_no_error()
    {
        quiet.Tree("exchange request transmit").Along("exchange-requests exchange.requests.v1.RequestRegistry/TakeStep")
            .ShouldHaveSingleItem()["rpc.status_code"].ShouldBe("FAILED_PRECONDITION");
        quiet.Tree("exchange request show").Along("exchange-requests exchange.requests.v1.RequestRegistry/GetRequest")
            .ShouldHaveSingleItem()["rpc.status_code"].ShouldBe("NOT_FOUND");

        quiet.Spans.Where(span => span.Span.Status?.Code is Status.Types.StatusCode.Error).Select(span => span.Title).ShouldBeEmpty();
    }

    [Fact]
    public void The_command_trace_prints_the_id_of_a_steps_trace_and_where_to_look()
    {
        var id = quiet.Tree("exchange request draft").Root.Span.TraceId;
        var hexadecimal = Convert.ToHexStringLower(id.Span);

        quiet.Told.ShouldContain(hexadecimal);
        quiet.Told.ShouldContain($"{WithAQuietExchange.Viewer}{hexadecimal}\n");
    }

    [Fact]
    public void Who_may_not_see_a_request_hears_the_same_as_for_one_that_is_not_there()
    {
        quiet.NotAllowed.ExitCode.ShouldBe(4);
        quiet.NotAllowed.Output.ShouldBe("");
        quiet.NotAllowed.Errors.Replace(quiet.Reference, "*", StringComparison.Ordinal)
            .ShouldBe(quiet.Absent.Errors.Replace(WithAQuietExchange.NoReference, "*", StringComparison.Ordinal));
    }

    [GeneratedRegex("^(SELECT (pg_|1|number_|this_|nextval)|DISCARD)")]
    private static partial Regex NoTable();
}

/// <summary>An exchange watched while it had nothing to do, and then while one draft was written.</summary>
public sealed class WithAQuietExchange : IAsyncLifetime
{
    public const string Viewer = "http://localhost:16686/trace/";

    public const string NoReference = "BY-2026-999999";

    const int Looks = 30;

    OtlpReceiver receiver = null!;

    internal IReadOnlyList<CollectedSpan> Spans { get; private set; } = [];

    public string Reference { get; private set; } = "";

    public string Told { get; private set; } = "";

    public (int ExitCode, string Output, string Errors) NotAllowed { get; private set; }

    public (int ExitCode, string Output, string Errors) Absent { get; private set; }

    internal SpanTree Tree(string command) => SpanTree.Of($"exchange-cli {command}", Spans);

    public async ValueTask InitializeAsync()
    {
        receiver = await OtlpReceiver.Start();
        var settings = new Dictionary<string, string?>(ShortIntervals.Settings.Concat(receiver.Variables))
        {
            ["Telemetry__TraceLink"] = Viewer + "{traceId}",
        };
        await using var exchange = await RunningExchange.Start(settings: settings);
        // From the start on, migrations and first looks included.
        await exchange.Looked(Looks);
        Reference = (await exchange.Run("request", "draft", Repository.PathOf("contracts/examples/letter.json"), "--as", "investigator"))
            .Split(' ')[0];
        await exchange.Try("request", "transmit", Reference, "--channel", "on-exchange", "--as", "investigator");
        await exchange.Try("request", "show", NoReference, "--as", "investigator");
        Told = await exchange.Run("trace", Reference, "--as", "investigator");
        NotAllowed = await exchange.Try("trace", Reference, "--as", "liaison-pl");
        Absent = await exchange.Try("trace", NoReference, "--as", "liaison-pl");
        await exchange.Looked(Looks);

        await exchange.Correlation.Stop();
        await exchange.Tracking.Stop();
        await exchange.Requests.Stop();
        Spans = receiver.Spans;
    }

    public async ValueTask DisposeAsync() => await receiver.DisposeAsync();
}
