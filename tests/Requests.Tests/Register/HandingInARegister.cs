using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.Requests.Tests;

public sealed class HandingInARegister : IAsyncLifetime
{
    RegisterFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await RegisterFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task Stores_nothing_when_the_stream_is_cut()
    {
        var stream = new RegisterStream().Header("2008-12-31")
            .File(RegisterFile.Requests, RegisterText.RequestsHeader,
                [.. Enumerable.Range(1, 2_000).Select(i => RegisterText.With($"reference=BY-{i}"))])
            .End(new IOException("The client is gone."));

        await Should.ThrowAsync<IOException>(() => fixture.HandIn(stream, keep: true));

        (await fixture.Count("journal")).ShouldBe(0);
        (await fixture.Import([RegisterText.Row])).Report.Added.ShouldBe(1, "and the next import finds nothing in its way");
    }

    [Fact]
    public async Task Stores_nothing_of_a_register_one_of_whose_files_cannot_be_used()
    {
        var stream = new RegisterStream().Header("2008-12-31")
            .File(RegisterFile.Requests, RegisterText.RequestsHeader, RegisterText.Row)
            .File(RegisterFile.Subjects, "reference;role;name", [.. Enumerable.Repeat("BY-1;victim;Anna", 300_000)]).End();

        var handed = await fixture.HandIn(stream, keep: true);

        handed.Remarks.ShouldBe(["Subjects 0 wrong_separator"]);
        handed.Report.ShouldBe(new RegisterReport { RequestRows = 1, Faults = 1 });
        (await fixture.Count("journal")).ShouldBe(0);
    }

    [Fact]
    public async Task Says_that_the_requests_file_is_missing() =>
        (await fixture.HandIn(new RegisterStream().Header("2008-12-31").End(), keep: true)).Remarks.ShouldBe(["Requests 0 missing_file"]);

    [Theory]
    [InlineData("2009-03-02", "header.observed_until")]
    [InlineData("31.12.2008", "header.observed_until")]
    [InlineData("", "header.observed_until")]
    public async Task Refuses_a_last_day_that_cannot_be(string day, string field) =>
        (await Refused(new RegisterStream().Header(day))).Violations.ShouldHaveSingleItem().Field.ShouldBe(field);

    [Fact]
    public async Task Takes_today_in_the_state_for_the_last_day()
    {
        // 22:30 in Greenwich is half past midnight in Minsk, which kept two hours' distance in 2009.
        fixture.Clock.SetUtcNow(new(2009, 3, 1, 22, 30, 0, TimeSpan.Zero));

        (await fixture.Import([RegisterText.Row], observedUntil: "2009-03-02")).Report.Added.ShouldBe(1);
    }

    [Fact]
    public async Task Names_every_violation_of_the_header() =>
        (await Refused(new RegisterStream().Send(new() { Header = new() { CommandId = "1" } }))).Violations.Select(v => v.Field)
            .ShouldBe(["header.command_id", "header.observed_until"]);

    [Fact]
    public async Task Wants_the_header_first_and_once()
    {
        (await Refused(new RegisterStream().Chunk(RegisterFile.Requests, [1]))).Violations.ShouldHaveSingleItem().Field.ShouldBe("header");
        (await Refused(new RegisterStream().Header("2008-12-31").Header("2008-12-31"))).Violations.ShouldHaveSingleItem()
            .Field.ShouldBe("header");
        (await Refused(new RegisterStream())).Violations.ShouldHaveSingleItem().Field.ShouldBe("header");
    }

    [Fact]
    public async Task Refuses_chunks_that_are_too_long_or_of_no_known_file()
    {
        var stream = new RegisterStream().Header("2008-12-31").Chunk((RegisterFile)7, new byte[8 << 20]);

        (await Refused(stream)).Violations.Select(v => v.Field).ShouldBe(["chunk.file", "chunk.data"]);
        (await Refused(new RegisterStream().Header("2008-12-31").Send(new()))).Violations.ShouldHaveSingleItem().Field.ShouldBe("part");
    }

    [Fact]
    public async Task Lets_one_import_in_at_a_time()
    {
        var slow = new RegisterStream().Header("2008-12-31").File(RegisterFile.Requests, RegisterText.RequestsHeader, RegisterText.Row);
        var first = fixture.HandIn(slow, keep: true);
        await Eventually.Holds(async () =>
            (await fixture.Count("pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = "
            + "current_database())")).ShouldBe(1));

        var refusal = await Should.ThrowAsync<Refusal>(() => fixture.Import([RegisterText.Row]));
        (refusal.Kind, refusal.Reason).ShouldBe((RefusalKind.NotAllowedNow, "IMPORT_RUNNING"));
        (await fixture.Check([RegisterText.Row])).Report.Added.ShouldBe(1, "looking is no import");

        slow.End();
        (await first).Report.Added.ShouldBe(1);
        (await fixture.Import([RegisterText.Row])).Report.Unchanged.ShouldBe(1);
    }

    async Task<Refusal> Refused(RegisterStream stream) => await Should.ThrowAsync<Refusal>(() => fixture.HandIn(stream.End(), keep: true));
}
