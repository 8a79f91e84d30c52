using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

/// <summary>
/// Random officers of three states take random steps. What the restatement allows is done and makes one entry; everything else is
/// refused by name and changes nothing.
/// </summary>
public sealed class RandomWalks : IAsyncLifetime
{
    const int Walks = 5;
    const int StepsPerWalk = 40;

    static readonly Clerk[] Clerks =
        [LifecycleFixture.Investigator, LifecycleFixture.Prosecutor, LifecycleFixture.SecondProsecutor, LifecycleFixture.Liaison,
            LifecycleFixture.SecondLiaison,
            LifecycleFixture.Stranger];

    /// <summary>Refusals that rest on more than the table: what the letter says, who wrote or approved it, what waits for whom.</summary>
    static readonly string[] Further = ["NOT_APPROVED", "OWN_LETTER", "NO_SUCH_CORRECTION", "OWN_CORRECTION", "CORRECTION_WAITS",
        "NOT_TO_CONFIRM", "NOT_OWN_ENTRY",
        "ANSWER_IS_FINAL", "LETTER_INCOMPLETE", "INVALID_INPUT"];

    LifecycleFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await LifecycleFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Theory]
    [InlineData(1, Channel.OnExchange)]
    [InlineData(2, Channel.OnExchange)]
    [InlineData(3, Channel.OnExchange)]
    [InlineData(4, Channel.OffExchange)]
    [InlineData(5, Channel.OffExchange)]
    [InlineData(6, Channel.OffExchange)]
    public async Task Keep_to_the_restatement(int seed, Channel channel)
    {
        var random = new Random(seed);
        var taken = 0;
        for (var walk = 0; walk < Walks; walk++)
            taken += await Walk(random, channel, walk % 3 == 0 ? await fixture.Draft() : await fixture.Sent(channel),
                $"seed {seed}, walk {walk}");
        taken.ShouldBeGreaterThan(Walks * 6);
    }

    async Task<int> Walk(Random random, Channel channel, RequestState state, string name)
    {
        var life = new NaiveLife();
        if (state.Facts.TransmittedOn.Length > 0)
            life.Add(StepCode.Transmit, state.Facts.TransmittedOn);
        var taken = 0;
        for (var i = 0; i < StepsPerWalk; i++)
        {
            fixture.Clock.Advance(TimeSpan.FromHours(random.Next(1, 40)));
            var clerk = Clerks[random.Next(Clerks.Length)];
            var sound = new SoundActs(state, channel, clerk.Caller, fixture.Clock.GetUtcNow());
            // Left to chance alone nearly every step would be refused.
            var likely = sound.All.Where(act => Expected(state, act.Code, clerk.Caller).Verdict == "ok").ToList();
            var acts = likely.Count > 0 && random.Next(3) > 0 ? likely : sound.All;
            var (code, step) = acts[random.Next(acts.Count)];
            var before = await fixture.Everything();
            var (verdict, to) = Expected(state, code, clerk.Caller);

            var (reason, after) = await Try(state, clerk, step);

            var told = $"{name}, step {i}: {code} from {state.Facts.Status} by "
                + $"a {clerk.Caller.Role} of {clerk.Caller.State}, {state.Facts.Channel}";
            if (reason is not null)
            {
                (reason == verdict || (verdict == "ok" && Further.Contains(reason))).ShouldBeTrue($"{told}: {reason}, not {verdict}");
                (await fixture.Everything()).ShouldBe(before, told);
                continue;
            }
            verdict.ShouldBe("ok", told);
            after!.Version.ShouldBe(state.Version + 1, told);
            if (code is not StepCode.ConfirmCorrection)
                after.Facts.Status.ShouldBe(to ?? state.Facts.Status, told);
            life.Add(code, SoundActs.DayOf(LifecycleFixture.ActOn(state, step), after));
            NaiveLife.Of(after.Facts).ShouldBe(life.Facts(), told);
            (state, taken) = (after, taken + 1);
        }

        await IsChainedAndFolds(state);
        return taken;
    }

    static (string Verdict, Status? To) Expected(RequestState state, StepCode code, Caller caller)
    {
        if (caller.State == "LT" || (caller.State == "PL" && !state.Facts.Given))
            return ("REQUEST_NOT_FOUND", null);
        var missing = (code == StepCode.Acknowledge ? state.Facts.AcknowledgedOn : state.Facts.DeliveredOn).Length == 0;
        return Restatement.Of(code, state.Facts.Status, caller, state.Facts.Channel, missing);
    }

    async Task<(string? Reason, RequestState? After)> Try(RequestState state, Clerk clerk, Action<Act> step)
    {
        try
        {
            return (null, await fixture.Take(state, clerk, step));
        }
        catch (Refusal refusal)
        {
            return (refusal.Reason, null);
        }
    }

    async Task IsChainedAndFolds(RequestState state)
    {
        var rows = await fixture.Journal.OfAggregate(state.Id, default);
        var entries = rows.Select(row => RequestState.Parse(row.Entry)).ToList();
        for (var i = 1; i < entries.Count; i++)
            entries[i].PreviousHash.ToByteArray().ShouldBe(rows[i - 1].EntryHash);
        var replayed = Corrections.Replay(state.Facts, Corrections.Standing(entries));
        NaiveLife.Of(replayed).ShouldBe(NaiveLife.Of(state.Facts));
        replayed.Status.ShouldBe(state.Facts.Status);
    }
}
