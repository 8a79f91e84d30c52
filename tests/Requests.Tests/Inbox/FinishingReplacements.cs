using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.Requests.Tests;

/// <summary>
/// A letter that replaces another was transmitted, and the process died before it marked the other: the services finish it.
/// </summary>
public sealed class FinishingReplacements(InboxFixture fixture) : IClassFixture<InboxFixture>
{
    [Fact]
    public async Task The_replaced_request_is_marked_once_in_the_name_of_who_transmitted()
    {
        var (author, partner) = (fixture.Appoint(), fixture.Appoint("PL", "liaison", "liaison"));
        var old = await fixture.Take(await fixture.Transmitted(author), StepCode.Return, partner);
        // Straight into the journal, as it stands when the process that transmitted is gone.
        var mended = await fixture.Take(await fixture.Draft(author), StepCode.Transmit, author,
            facts: facts => facts.Supersedes = RequestId.NameOf(old.Id));

        await Eventually.Holds(async () => (await Facts(old)).SupersededBy.ShouldBe(RequestId.NameOf(mended.Id)));

        var next = await fixture.Take(await fixture.Draft(author), StepCode.Transmit, author);
        await fixture.Settled();
        await Eventually.Holds(async () => (await fixture.Database.Query("SELECT sealed_no FROM positions WHERE source = 'replacements'",
            [],
            row => row.GetInt64(0), default)).Single().ShouldBeGreaterThanOrEqualTo((await fixture.Sealed([next])).Single().SealedNo));
        var history = await fixture.Registry(author).GetHistoryAsync(new() { Name = RequestId.NameOf(old.Id) });
        history.Entries.Select(entry => entry.Step).ShouldBe([StepCode.SaveDraft, StepCode.Transmit, StepCode.Return, StepCode.Supersede]);
        (history.Entries[^1].Actor, history.Entries[^1].Steps.Single().OccurredOn).ShouldBe((author.ToString(), "2026-03-02"));

        async Task<RequestFacts> Facts(RequestState request) =>
            (await fixture.Registry(author).GetRequestAsync(new() { Name = RequestId.NameOf(request.Id) })).Facts;
    }
}
