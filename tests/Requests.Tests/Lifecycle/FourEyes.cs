using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.Requests.Tests;

/// <summary>A person is state, authority and number: who changes the unit or the role has not become a second one.</summary>
public sealed class FourEyes : IAsyncLifetime
{
    static readonly Clerk AsInvestigator = new("BY", "general-prosecutor/trafficking/1001", CallerRole.Investigator);
    static readonly Clerk AsProsecutor = new("BY", "general-prosecutor/international/1001", CallerRole.Prosecutor);
    static readonly Clerk OfAnotherAuthority = new("BY", "ministry-of-justice/international/1001", CallerRole.Prosecutor);

    LifecycleFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await LifecycleFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task An_author_does_not_approve_his_letter_under_another_role_or_unit()
    {
        var draft = (await fixture.Drafts.Open(
            new() { Letter = Letters.Complete("UNTOC-2000"), CommandId = Officer.NewId() }, AsInvestigator.Caller, default)).State;
        var submitted = await fixture.Take(draft.Id, AsInvestigator, act => act.Submit = new());

        LifecycleRules.Allowed(submitted, AsProsecutor.Caller).ShouldNotContain(StepCode.Approve);
        (await fixture.Refused(draft.Id, AsProsecutor, act => act.Approve = new() { LetterHash = LifecycleFixture.Hash(draft) }))
            .ShouldBe("OWN_LETTER");

        // The same number in another authority is another person.
        LifecycleRules.Allowed(submitted, OfAnotherAuthority.Caller).ShouldContain(StepCode.Approve);
        (await fixture.Take(draft.Id, OfAnotherAuthority, act => act.Approve = new() { LetterHash = LifecycleFixture.Hash(draft) }))
            .Dossier.IsApproved().ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_proposed_a_correction_does_not_confirm_it_under_another_unit()
    {
        var sent = await fixture.Sent();
        await fixture.Take(sent.Id, LifecycleFixture.Liaison, act => act.Acknowledge = new());
        var acknowledged = await fixture.Known(sent.Id);
        Clerk elsewhere = new("PL", "embassy-minsk/visas/4001", CallerRole.Liaison);
        var proposed = await fixture.Take(sent.Id, LifecycleFixture.Liaison, act => act.ProposeCorrection = new()
        {
            Version = acknowledged.Version, Step = 0, Reason = "never came", Strike = true,
        });

        (await fixture.Refused(sent.Id, elsewhere, act => act.ConfirmCorrection = new() { ProposedIn = proposed.Version }))
            .ShouldBe("OWN_CORRECTION");
    }
}
