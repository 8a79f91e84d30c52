using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;

namespace Exchange.Requests.Tests;

/// <summary>What a step needs beside the table's leave: a second officer, a signature, the letter that was read, nobody faster.</summary>
public sealed class TakingSteps : IAsyncLifetime
{
    LifeDesk desk = null!;

    public async ValueTask InitializeAsync() => desk = await LifeDesk.Open();

    public async ValueTask DisposeAsync() => await desk.DisposeAsync();

    [Fact]
    public async Task A_second_officer_approves_and_no_author_does()
    {
        var draft = await desk.Draft();
        var letter = Letters.Complete("UNTOC-2000");
        letter.Purpose = "Amended by the prosecutor.";
        await desk.Take(draft.Id, LifeDesk.Prosecutor, act => act.SaveDraft = new() { Letter = letter });
        var submitted = await desk.Take(draft.Id, LifeDesk.Investigator, act => act.Submit = new());

        (await desk.Refused(draft.Id, LifeDesk.Prosecutor, act => act.Approve = new() { LetterHash = LifeDesk.Hash(submitted) }))
            .ShouldBe("OWN_LETTER");
        (await desk.Refused(draft.Id, LifeDesk.SecondProsecutor, act => act.Approve = new() { LetterHash = LifeDesk.Hash(draft) }))
            .ShouldBe("LETTER_CHANGED");
        (await desk.Refused(draft.Id, LifeDesk.Prosecutor,
            act => act.Transmit = new() { LetterHash = LifeDesk.Hash(submitted), Channel = Channel.OnExchange })).ShouldBe("NOT_APPROVED");
        await desk.Take(draft.Id, LifeDesk.SecondProsecutor, act => act.Approve = new() { LetterHash = LifeDesk.Hash(submitted) });
        await desk.Take(draft.Id, LifeDesk.SecondProsecutor, act => act.SendBack = new() { Reason = "once more" });
        await desk.Take(draft.Id, LifeDesk.Investigator, act => act.Submit = new());
        (await desk.Refused(draft.Id, LifeDesk.Prosecutor,
            act => act.Transmit = new() { LetterHash = LifeDesk.Hash(submitted), Channel = Channel.OnExchange })).ShouldBe("NOT_APPROVED");
    }

    [Fact]
    public async Task Nothing_incomplete_is_submitted_and_everything_missing_is_named()
    {
        var (draft, _) = await desk.Drafts.Open(
            new()
            {
                Letter = new() { CaseNumber = "c-1", RequestedState = "PL", Instrument = "UNTOC-2000" },
                CommandId = Officer.NewId()
            }, LifeDesk.Investigator.Caller, default);

        var refusal = await Should.ThrowAsync<Refusal>(() => desk.Take(draft.Id, LifeDesk.Investigator, act => act.Submit = new()));

        refusal.Reason.ShouldBe("LETTER_INCOMPLETE");
        refusal.Violations.Select(v => v.Field)
            .ShouldBe(LifeDesk.Reference.LetterRequirements["UNTOC-2000"].Select(r => "letter." + r.Field), ignoreOrder: true);
        refusal.Violations.ShouldAllBe(v => v.Description.Contains("UNTOC 18(", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_binds_a_state_is_signed_by_the_caller_over_this_very_act()
    {
        var sent = await desk.Sent();
        var act = LifeDesk.ActOn(sent, a => a.Answer = new() { Outcome = Outcome.Executed, Text = "done" });
        var other = LifeDesk.ActOn(sent, a => a.Answer = new() { Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Text = "no" });
        var sound = LifeDesk.Liaison.Sign(act);
        var broken = sound.Clone();
        broken.Value = ByteString.CopyFrom([.. sound.Value.Span[..^1], (byte)(sound.Value[^1] ^ 1)]);
        var unknown = sound.Clone();
        unknown.Algorithm = "none";

        async Task<string> Reason(Signature? signature) =>
            (await Should.ThrowAsync<Refusal>(() => desk.Steps.Take(act, signature, LifeDesk.Liaison.Caller, default))).Reason;

        (await Reason(null)).ShouldBe("SIGNATURE_NEEDED");
        (await Reason(LifeDesk.Liaison.Sign(other))).ShouldBe("SIGNATURE_WRONG");
        (await Reason(LifeDesk.SecondLiaison.Sign(act))).ShouldBe("SIGNATURE_WRONG");
        (await Reason(broken)).ShouldBe("SIGNATURE_WRONG");
        (await Reason(unknown)).ShouldBe("SIGNATURE_WRONG");
        await desk.Steps.Take(act, sound, LifeDesk.Liaison.Caller, default);

        var entry = (await desk.Entries(sent.Id))[^1];
        var signed = entry.Signature.Clone();
        signed.Content = ByteString.CopyFrom((await desk.Keys.Load(sent.Id, default))!.Decrypt(RequestKey.Act, entry.SealedAct.Span));
        OfficerSignature.Verify(signed, act, LifeDesk.Liaison.Caller);
    }

    [Fact]
    public async Task Of_two_officers_who_race_one_wins_and_the_other_is_told()
    {
        for (var round = 0; round < 25; round++)
        {
            var sent = await desk.Sent();
            var outcomes = await Task.WhenAll(new[] { LifeDesk.Liaison, LifeDesk.SecondLiaison, LifeDesk.Prosecutor }.Select(async clerk =>
            {
                try
                {
                    await desk.Take(sent, clerk, act =>
                    {
                        if (clerk == LifeDesk.Prosecutor)
                            act.Withdraw = new() { Reason = "closed" };
                        else
                            act.Answer = new() { Outcome = Outcome.Executed };
                    });
                    return "ok";
                }
                catch (Refusal refusal)
                {
                    return refusal.Reason;
                }
            }));

            outcomes.Order(StringComparer.Ordinal).ShouldBe(["CHANGED_MEANWHILE", "CHANGED_MEANWHILE", "ok"]);
            (await desk.Known(sent.Id)).Version.ShouldBe(sent.Version + 1);
        }
    }

    [Fact]
    public async Task A_command_sent_again_has_no_second_effect_and_its_id_serves_no_other()
    {
        var sent = await desk.Sent();
        var act = LifeDesk.ActOn(sent, a => a.Acknowledge = new() { Reference = "PL-1" });
        var first = await desk.Steps.Take(act, null, LifeDesk.Liaison.Caller, default);
        await desk.Take(sent.Id, LifeDesk.Liaison, a => a.Recognise = new());

        var again = await desk.Steps.Take(act, null, LifeDesk.Liaison.Caller, default);

        again.Version.ShouldBe(first.Version);
        again.State.Version.ShouldBe(first.Version + 1);
        var other = act.Clone();
        other.Acknowledge.Reference = "PL-2";
        (await Should.ThrowAsync<Refusal>(() => desk.Steps.Take(other, null, LifeDesk.Liaison.Caller, default))).Violations.Single()
            .Field.ShouldBe("command_id");
        (await Should.ThrowAsync<Refusal>(() => desk.Steps.Take(act, null, LifeDesk.SecondLiaison.Caller, default))).Violations.Single()
            .Field.ShouldBe("command_id");
    }

    [Fact]
    public async Task The_partner_must_see_an_amended_letter_before_it_goes_on()
    {
        var sent = await desk.Sent();
        var letter = Letters.Complete("UNTOC-2000");
        letter.Purpose = "Also for the second count.";
        var amended = await desk.Take(sent.Id, LifeDesk.Prosecutor, act => act.Amend = new() { Letter = letter, Reason = "second count" });
        amended.Facts.LetterVersion.ShouldBe(2);

        (await Should.ThrowAsync<Refusal>(() => desk.Take(sent, LifeDesk.Liaison, act => act.Acknowledge = new())))
            .Reason.ShouldBe("LETTER_AMENDED");
        await desk.Take(amended, LifeDesk.Liaison, act => act.Acknowledge = new());

        letter.Urgency = Urgency.Urgent;
        letter.UrgencyReason = "trial";
        (await Should.ThrowAsync<Refusal>(() =>
            desk.Take(sent.Id, LifeDesk.Prosecutor, act => act.Amend = new() { Letter = letter, Reason = "haste" })))
            .Violations.Single().Field.ShouldBe("act.amend.letter.urgency");
    }

    [Fact]
    public async Task A_draft_saved_just_as_it_is_writes_nothing()
    {
        var draft = await desk.Draft();

        var saved = await desk.Take(draft.Id, LifeDesk.Investigator,
            act => act.SaveDraft = new() { Letter = Letters.Complete("UNTOC-2000") });

        saved.Version.ShouldBe(draft.Version);
        (await desk.Entries(draft.Id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_mended_letter_supersedes_the_one_that_was_returned_once_it_is_sent()
    {
        var sent = await desk.Sent();
        (await Should.ThrowAsync<Refusal>(() => desk.Draft(RequestState.NameOf(sent.Id)))).Reason.ShouldBe("NOT_SUPERSEDED");
        await desk.Take(sent.Id, LifeDesk.Liaison,
            act => act.ReturnLetter = new() { Ground = "translation_missing", Reason = "Polish, please" });
        var mended = await desk.Draft(RequestState.NameOf(sent.Id));
        await desk.Take(mended.Id, LifeDesk.Investigator, act => act.Submit = new());
        await desk.Take(mended.Id, LifeDesk.Prosecutor, act => act.Approve = new() { LetterHash = LifeDesk.Hash(mended) });
        (await desk.Known(sent.Id)).Facts.SupersededBy.ShouldBeEmpty();
        var gone = await desk.Take(mended.Id, LifeDesk.Prosecutor,
            act => act.Transmit = new() { LetterHash = LifeDesk.Hash(mended), Channel = Channel.OnExchange });

        await desk.FollowUps.MarkReplaced(gone.Facts, RequestState.ActorOf(LifeDesk.Prosecutor.Caller), default);
        await desk.FollowUps.MarkReplaced(gone.Facts, RequestState.ActorOf(LifeDesk.Prosecutor.Caller), default);

        var old = await desk.Known(sent.Id);
        old.Facts.SupersededBy.ShouldBe(RequestState.NameOf(mended.Id));
        old.Facts.Status.ShouldBe(Status.Returned);
        old.Version.ShouldBe(sent.Version + 2);
    }
}
