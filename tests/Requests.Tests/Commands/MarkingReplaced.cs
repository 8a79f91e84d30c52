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

    [Fact]
    public async Task Goes_on_where_one_of_those_transmitted_is_damaged()
    {
        await using var fixture = await LifecycleFixture.Open();
        var (damaged, sound) = (await Replacing(fixture), await Replacing(fixture));
        await fixture.Administrator.Execute(
            "INSERT INTO seal SELECT row_number() OVER (), aggregate_id, version, hash FROM journal", [], default);
        await fixture.Damage(damaged.Id);

        (await fixture.Store.SealedReplacements(0, long.MaxValue, default)).Select(facts => facts.Request)
            .ShouldBe([RequestId.NameOf(sound.Id)]);
    }

    static async Task<RequestState> Replacing(LifecycleFixture fixture)
    {
        var returned = await fixture.Sent();
        await fixture.Take(returned.Id, LifecycleFixture.Liaison,
            act => act.ReturnLetter = new() { Ground = "translation_missing", Reason = "Polish, please" });
        return await fixture.Sent(await fixture.Draft(supersedes: RequestId.NameOf(returned.Id)));
    }
}
