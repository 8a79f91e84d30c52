using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Microsoft.Extensions.Logging.Abstractions;

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

        (await fixture.Refused(sent.Id, elsewhere, act => act.ConfirmCorrection = new()
        {
            ProposedIn = proposed.Version, StatementHash = proposed.Dossier.ProposedCorrection.StatementHash,
        }))
            .ShouldBe("OWN_CORRECTION");
    }

    [Fact]
    public async Task Where_life_is_at_stake_one_transmits_alone_and_a_second_confirms()
    {
        var alone = await TransmittedAlone();

        (alone.Facts.Status, alone.Facts.Given, alone.Facts.TransmittedAlone.Stake).ShouldBe((Status.Transmitted, true, Stake.Life));
        foreach (var same in new[] { AsProsecutor, AsInvestigator })
            LifecycleRules.Allowed(alone, same.Caller).ShouldNotContain(StepCode.ConfirmTransmission);
        (await fixture.Refused(alone.Id, AsProsecutor, Confirming(alone))).ShouldBe("NOT_TO_CONFIRM");
        fixture.Clock.Advance(TimeSpan.FromHours(47));
        var confirmed = await fixture.Take(alone.Id, OfAnotherAuthority, Confirming(alone));
        fixture.Clock.Advance(TimeSpan.FromHours(2));

        (await Lapse()).ShouldBe(0);
        (confirmed.Facts.TransmittedAlone.ConfirmedOn, confirmed.Facts.Status).ShouldBe(("2026-03-04", Status.Transmitted));
        (await fixture.Refused(alone.Id, OfAnotherAuthority, Confirming(alone))).ShouldBe("NOT_TO_CONFIRM");
    }

    [Fact]
    public async Task What_nobody_confirms_is_withdrawn_and_called_back_and_the_partner_is_told()
    {
        var alone = await TransmittedAlone();
        fixture.Clock.Advance(TimeSpan.FromHours(48) - TimeSpan.FromSeconds(1));
        (await Lapse()).ShouldBe(0);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        (await Lapse()).ShouldBe(1);
        (await Lapse()).ShouldBe(0);

        var lapsed = await fixture.Known(alone.Id);
        (lapsed.Facts.Status, lapsed.Facts.Ending.Outcome, lapsed.Facts.TransmittedAlone.LapsedOn)
            .ShouldBe((Status.Withdrawn, Outcome.Withdrawn, "2026-03-04"));
        var entry = (await fixture.Entries(alone.Id))[^1];
        (entry.Step, entry.Actor.Identity).ShouldBe((StepCode.LapseTransmission, "exchange://service/requests"));
        InboxRule.AddresseesOf(entry).ShouldBe(["BY", "PL"]);
        (await fixture.Refused(alone.Id, OfAnotherAuthority, Confirming(alone))).ShouldBe("NOT_TO_CONFIRM");
    }

    [Fact]
    public async Task However_many_are_damaged_the_others_are_called_back()
    {
        var alone = await TransmittedAlone();
        // Due before it, and by their ids before it: rows of which the journal knows nothing.
        var columns = string.Join(", ", RequestStore.Table.Columns.Select(column => column.Name switch
        {
            "reference" => "reference || n",
            "confirm_by" => "confirm_by - interval '1 hour'",
            var other => other,
        }));
        await fixture.Administrator.Execute(
            $"""
            INSERT INTO requests (id, version, head_hash, mac, {string.Join(", ", RequestStore.Table.Columns.Select(one => one.Name))})
            SELECT lpad(to_hex(n), 32, '0')::uuid, version, head_hash, mac, {columns} FROM requests, generate_series(1, 250) n
            """, [], default);
        fixture.Clock.Advance(TimeSpan.FromHours(48));

        (await Lapse()).ShouldBe(251);

        (await fixture.Known(alone.Id)).Facts.Status.ShouldBe(Status.Withdrawn);
        (await Lapse()).ShouldBe(250);
    }

    [Fact]
    public async Task What_was_answered_before_nobody_confirmed_it_stays_answered()
    {
        var alone = await TransmittedAlone();
        await fixture.Take(alone.Id, LifecycleFixture.Liaison, act => act.Answer = new() { Outcome = Outcome.Executed });
        fixture.Clock.Advance(TimeSpan.FromHours(48));

        (await Lapse()).ShouldBe(1);

        var lapsed = await fixture.Known(alone.Id);
        (lapsed.Facts.Status, lapsed.Facts.TransmittedAlone.LapsedOn.Length > 0).ShouldBe((Status.Executed, true));
    }

    [Fact]
    public async Task For_less_than_life_custody_or_evidence_and_without_a_reason_nobody_transmits_alone()
    {
        var draft = await Submitted();

        var refused = await Should.ThrowAsync<Refusal>(() => fixture.Take(draft.Id, AsProsecutor,
            act => act.TransmitAlone = new() { LetterHash = LifecycleFixture.Hash(draft), Channel = Channel.OnExchange }));

        refused.Violations.Select(violation => violation.Field).ShouldBe(["act.transmit_alone.stake", "act.transmit_alone.reason"]);
    }

    [Fact]
    public async Task An_own_entry_of_the_day_that_the_other_side_was_not_told_of_is_corrected_alone()
    {
        var sent = await fixture.Sent(Channel.OffExchange);
        var recorded = await fixture.Take(sent.Id, LifecycleFixture.Prosecutor, Recording("2026-03-02"));
        var other = await fixture.Refused(sent.Id, LifecycleFixture.SecondProsecutor, Striking(recorded));

        var corrected = await fixture.Take(sent.Id, LifecycleFixture.Prosecutor, Striking(recorded));

        other.ShouldBe("NOT_OWN_ENTRY");
        (corrected.Facts.Status, corrected.Facts.AcknowledgedOn).ShouldBe((Status.Transmitted, ""));
        var entry = (await fixture.Entries(sent.Id))[^1];
        (entry.Step, entry.Steps[0].Corrected.SupersededVersion, entry.Signature is not null)
            .ShouldBe((StepCode.CorrectOwnEntry, recorded.Version, true));
    }

    [Fact]
    public async Task What_is_a_day_old_or_was_told_or_acted_on_since_takes_a_second_officer()
    {
        var old = await fixture.Sent(Channel.OffExchange);
        var recorded = await fixture.Take(old.Id, LifecycleFixture.Prosecutor, Recording("2026-03-02"));
        var actedOn = await fixture.Sent(Channel.OffExchange);
        var wrong = await fixture.Take(actedOn.Id, LifecycleFixture.Prosecutor, Recording("2026-03-02"));
        await fixture.Take(actedOn.Id, LifecycleFixture.SecondProsecutor, act => act.Assign = new() { Authority = "general-prosecutor" });
        var told = await fixture.Sent();
        var acknowledged = await fixture.Take(told.Id, LifecycleFixture.Liaison, act => act.Acknowledge = new());

        (await fixture.Refused(told.Id, LifecycleFixture.Liaison, Striking(acknowledged))).ShouldBe("NOT_OWN_ENTRY");
        (await fixture.Refused(actedOn.Id, LifecycleFixture.Prosecutor, Striking(wrong))).ShouldBe("NOT_OWN_ENTRY");
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        (await fixture.Refused(old.Id, LifecycleFixture.Prosecutor, Striking(recorded))).ShouldBe("NOT_OWN_ENTRY");
    }

    static Action<Act> Recording(string on) => act =>
        (act.Acknowledge, act.OccurredOn, act.DocumentReference) = (new(), on, "letter 12/26");

    static Action<Act> Striking(RequestState written) => act =>
        act.CorrectOwnEntry = new() { Version = written.Version, Strike = true, Reason = "entered for another request" };

    static Action<Act> Confirming(RequestState sent) => act =>
        act.ConfirmTransmission = new() { LetterHash = LifecycleFixture.Hash(sent) };

    Task<int> Lapse() => new LoneTransmissionWorker(fixture.Store, new(fixture.Journal, fixture.Ledger), LifecycleFixture.Reference,
        fixture.Clock, NullLogger<LoneTransmissionWorker>.Instance).LapseDue(default);

    async Task<RequestState> Submitted()
    {
        var draft = (await fixture.Drafts.Open(
            new() { Letter = Letters.Complete("UNTOC-2000"), CommandId = Officer.NewId() }, AsInvestigator.Caller, default)).State;
        return await fixture.Take(draft.Id, AsInvestigator, act => act.Submit = new());
    }

    async Task<RequestState> TransmittedAlone()
    {
        var draft = await Submitted();
        return await fixture.Take(draft.Id, AsProsecutor, act => act.TransmitAlone = new()
        {
            LetterHash = LifecycleFixture.Hash(draft), Channel = Channel.OnExchange, Stake = Stake.Life,
            Reason = "She is to be moved tonight, and nobody else is on duty.",
        });
    }
}
