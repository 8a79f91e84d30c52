using System.Text.Json;
using Exchange.Requests.V1;

namespace Exchange.Cli.Tests;

public sealed class RebuildingAndRestoring : IClassFixture<CannedServices>
{
    static readonly RowDifference Difference = new() { Table = "flags", Request = "requests/a", What = "missing" };
    static readonly BeyondJournal Lost = new()
    {
        Request = "requests/b", Version = 4, Reference = "BY-2026-000042", RequestingState = "BY", RequestedState = "PL",
        Status = Status.Executed,
    };

    readonly CannedServices services;

    public RebuildingAndRestoring(CannedServices services)
    {
        this.services = services;
        services.Tracking.Rebuilds.Clear();
        services.Correlation.Rebuilds.Clear();
        services.Requests.ReferencesSeen = null;
        services.Requests.Attention = "";
        services.Tracking.Progress = [new() { EntriesRead = 500, Entries = 1000 }, Told()];
    }

    [Fact]
    public async Task Equal_rows_end_with_0()
    {
        var printed = await services.Run("rebuild tracking");

        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        printed.Out.ShouldContain("up to 1,000: 2,500 rows compared, 0 differed.");
        printed.Error.ShouldContain("500 of 1,000 entries read");
        services.Tracking.Rebuilds.ShouldBe([new()]);
    }

    [Theory]
    [InlineData("", "What differed was mended.")]
    [InlineData(" --check", "Nothing was changed")]
    public async Task Differences_are_named_and_end_with_3(string option, string note)
    {
        services.Tracking.Progress = [new() { Differences = { Difference }, RowsDiffered = 1 }, Told(told => told.RowsDiffered = 1)];

        var printed = await services.Run("rebuild tracking" + option);

        printed.ExitCode.ShouldBe(ExitCode.Partial);
        printed.Out.ShouldContain("flags: requests/a missing");
        printed.Error.ShouldContain(note);
        services.Tracking.Rebuilds.ShouldBe([new() { Check = option.Length > 0 }]);
    }

    [Fact]
    public async Task As_json_every_message_is_in_one()
    {
        services.Tracking.Progress = [new() { Differences = { Difference } }, Told(told => told.Differences.Add(Difference))];

        var printed = await services.Run("rebuild tracking --format json");

        JsonDocument.Parse(printed.Out).RootElement.GetProperty("differences").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_is_no_result()
    {
        services.Tracking.Progress = [new() { EntriesRead = 500, Entries = 1000 }];

        (await services.Run("rebuild tracking")).ExitCode.ShouldBe(ExitCode.Unavailable);
    }

    [Fact]
    public async Task A_check_names_what_is_missing_and_changes_nothing()
    {
        services.Requests.Attention = "Restored from a copy";
        services.Tracking.Progress = [new() { Beyond = { Lost } }, Told(told => told.BeyondCount = 1)];

        var printed = await services.Run("restore check", width: 120);

        printed.ExitCode.ShouldBe(ExitCode.Partial);
        printed.Out.ShouldContain("BY-2026-000042");
        printed.Error.ShouldContain("Requests: Restored from a copy");
        services.Tracking.Rebuilds.ShouldBe([new() { Check = true }]);
        services.Requests.ReferencesSeen.ShouldBeNull();
    }

    [Fact]
    public async Task Accepting_asks_and_opens_requests_last_with_the_references_that_were_seen()
    {
        services.Tracking.Progress = [Told(told => told.HighestReferences.Add("BY-2026-000042"))];

        (await services.Run(["restore", "accept"], input: "n\n")).ExitCode.ShouldBe(ExitCode.Failed);
        services.Tracking.Rebuilds.ShouldBeEmpty();
        var printed = await services.Run(["restore", "accept"], input: "y\n");

        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        services.Tracking.Rebuilds.ShouldBe([new() { Accept = true }]);
        services.Correlation.Rebuilds.ShouldBe([new() { Accept = true }]);
        services.Requests.ReferencesSeen.ShouldBe(["BY-2026-000042"]);
    }

    [Fact]
    public async Task Where_tracking_does_not_finish_requests_stays_closed()
    {
        services.Tracking.Progress = [];

        (await services.Run("restore accept --yes")).ExitCode.ShouldBe(ExitCode.Unavailable);

        services.Requests.ReferencesSeen.ShouldBeNull();
    }

    static RebuildProgress Told(Action<RebuildProgress>? also = null)
    {
        var told = new RebuildProgress { EntriesRead = 1000, Entries = 1000, RowsCompared = 2500, SealedNo = 1000, Done = true };
        also?.Invoke(told);
        return told;
    }
}
