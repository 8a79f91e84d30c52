using Exchange.Platform;

namespace Exchange.Requests.Tests;

/// <summary>A letter that replaces another is transmitted, whatever becomes of the mark on the one it replaces.</summary>
public sealed class MarkingReplaced
{
    [Fact]
    public async Task Waits_where_nothing_can_be_written_now_and_fails_nobody()
    {
        await using var fixture = await LifecycleFixture.Open();
        var replaced = await fixture.Sent();
        var transmitted = (await fixture.Sent()).Facts;
        transmitted.Supersedes = RequestId.NameOf(replaced.Id);
        var actor = RequestState.ActorOf(LifecycleFixture.Prosecutor.Caller);
        await fixture.Ledger.StopAsync(default);

        (await Should.ThrowAsync<Refusal>(() => fixture.FollowUps.MarkReplaced(transmitted, actor, default))).Reason.ShouldBe("STOPPING");
        await fixture.FollowUps.TryMarkReplaced(transmitted, actor, default);

        (await fixture.Known(replaced.Id)).Facts.SupersededBy.ShouldBeEmpty();
    }
}
