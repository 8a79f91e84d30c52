using Exchange.Platform;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Requests.Tests;

/// <summary>
/// Somebody changed an entry, or a row that cannot be made anew: it is shown to nobody and told to operators, and the rest goes on.
/// </summary>
public sealed class PassingOverWhatIsDamaged : IAsyncLifetime
{
    LifecycleFixture fixture = null!;
    RecordFindings findings = null!;
    InboxStore inbox = null!;

    public async ValueTask InitializeAsync()
    {
        fixture = await LifecycleFixture.Open();
        findings = new(fixture.Database, fixture.Clock, NullLogger<RecordFindings>.Instance);
        inbox = new(fixture.States, fixture.Database, fixture.Journal, findings, fixture.Index);
    }

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Theory]
    [InlineData("UPDATE journal SET entry = entry || '\\x00'::bytea")]
    [InlineData("UPDATE journal SET entry = '\\x02', hash = sha256('\\x0002')")]
    [InlineData("UPDATE seal SET leaf = sha256('\\x00')")]
    public async Task An_entry_enters_no_inbox_and_those_after_it_do(string change)
    {
        var (changed, after) = (await fixture.Sent(), await fixture.Sent());
        await Seal();
        await fixture.Administrator.Execute($"{change} WHERE aggregate_id = $1 AND version = $2", [changed.Id, changed.Version], default);

        await inbox.Follow(default);

        (await Heard()).ShouldBe([RequestId.NameOf(after.Id)]);
        findings.Attention.ShouldHaveSingleItem().ShouldContain($"{changed.Id}/{changed.Version}");
        (await fixture.Administrator.Query("SELECT kind || ' ' || subject FROM findings WHERE kind <> 'row'", [],
            row => row.GetString(0), default)).ShouldBe([$"unbelieved {changed.Id}/{changed.Version}"]);
    }

    [Fact]
    public async Task A_damaged_request_is_left_out_of_a_page_that_others_fill()
    {
        List<RequestState> sent = [];
        for (var i = 0; i < 4; i++)
        {
            sent.Add(await fixture.Sent());
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        await Seal();
        await inbox.Follow(default);
        await fixture.Damage(sent[0].Id);
        await fixture.Damage(sent[1].Id);

        (await Heard(count: 2)).ShouldBe([RequestId.NameOf(sent[2].Id), RequestId.NameOf(sent[3].Id)]);
    }

    async Task<List<string>> Heard(int count = 10) => (await inbox.Items(
        LifecycleFixture.Liaison.Caller, mine: false, 0, long.MaxValue, count, default)).ConvertAll(item => item.Request);

    async Task Seal() => await fixture.Administrator.Execute(
        "INSERT INTO seal SELECT row_number() OVER (ORDER BY recorded_at, aggregate_id, version), aggregate_id, version, hash FROM journal",
        [], default);
}
