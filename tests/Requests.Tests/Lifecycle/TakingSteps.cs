using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;

namespace Exchange.Requests.Tests;

/// <summary>What a step needs beside the table's leave: a second officer, a signature, the letter that was read, nobody faster.</summary>
public sealed class TakingSteps : IAsyncLifetime
{
    LifecycleFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await LifecycleFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task A_second_officer_approves_and_no_author_does()
    {
        var draft = await fixture.Draft();
        var letter = Letters.Complete("UNTOC-2000");
        letter.Purpose = "Amended by the prosecutor.";
        await fixture.Take(draft.Id, LifecycleFixture.Prosecutor, act => act.SaveDraft = new() { Letter = letter });
        var submitted = await fixture.Take(draft.Id, LifecycleFixture.Investigator, act => act.Submit = new());

        (await fixture.Refused(draft.Id, LifecycleFixture.Prosecutor, act =>
            act.Approve = new() { LetterHash = LifecycleFixture.Hash(submitted) }))
            .ShouldBe("OWN_LETTER");
        (await fixture.Refused(draft.Id, LifecycleFixture.SecondProsecutor, act =>
            act.Approve = new() { LetterHash = LifecycleFixture.Hash(draft) }))
            .ShouldBe("LETTER_CHANGED");
        (await fixture.Refused(draft.Id, LifecycleFixture.Prosecutor,
            act => act.Transmit = new() { LetterHash = LifecycleFixture.Hash(submitted), Channel = Channel.OnExchange }))
                .ShouldBe("NOT_APPROVED");
        await fixture.Take(draft.Id, LifecycleFixture.SecondProsecutor, act =>
            act.Approve = new() { LetterHash = LifecycleFixture.Hash(submitted) });
        await fixture.Take(draft.Id, LifecycleFixture.SecondProsecutor, act => act.SendBack = new() { Reason = "once more" });
        await fixture.Take(draft.Id, LifecycleFixture.Investigator, act => act.Submit = new());
        (await fixture.Refused(draft.Id, LifecycleFixture.Prosecutor,
            act => act.Transmit = new() { LetterHash = LifecycleFixture.Hash(submitted), Channel = Channel.OnExchange }))
                .ShouldBe("NOT_APPROVED");
    }

    [Fact]
    public async Task Nothing_incomplete_is_submitted_and_everything_missing_is_named()
    {
        var (draft, _) = await fixture.Drafts.Open(
            new()
            {
                Letter = new() { CaseNumber = "c-1", RequestedState = "PL", Instrument = "UNTOC-2000" },
                CommandId = Officer.NewId()
            }, LifecycleFixture.Investigator.Caller, default);

        var refusal = await Should.ThrowAsync<Refusal>(() => fixture.Take(draft.Id, LifecycleFixture.Investigator, act =>
            act.Submit = new()));

        refusal.Reason.ShouldBe("LETTER_INCOMPLETE");
        refusal.Violations.Select(v => v.Field)
            .ShouldBe(LifecycleFixture.Reference.LetterRequirements["UNTOC-2000"].Select(r => "letter." + r.Field), ignoreOrder: true);
        refusal.Violations.ShouldAllBe(v => v.Description.Contains("UNTOC 18(", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_binds_a_state_is_signed_by_the_caller_over_this_very_act()
    {
        var sent = await fixture.Sent();
        var act = LifecycleFixture.ActOn(sent, a => a.Answer = new() { Outcome = Outcome.Executed, Text = "done" });
        var other = LifecycleFixture.ActOn(sent, a => a.Answer = new()
        {
            Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Text = "no",
        });
        var sound = LifecycleFixture.Liaison.Sign(act);
        TakeStepRequest Changed(Action<TakeStepRequest> change)
        {
            var changed = sound.Clone();
            change(changed);
            return changed;
        }

        async Task<string> Reason(TakeStepRequest step) =>
            (await Should.ThrowAsync<Refusal>(() => fixture.Steps.Take(step, LifecycleFixture.Liaison.Caller, default))).Reason;

        (await Reason(new() { Act = act })).ShouldBe("SIGNATURE_NEEDED");
        foreach (var wrong in new[]
                 {
                     Changed(step => step.Act = other), LifecycleFixture.SecondLiaison.Sign(act),
                     Changed(step => step.Signature.Value = Flipped(step.Signature.Value)),
                     Changed(step => step.Signature.Algorithm = "none"), Changed(step => step.Act.Answer.Text = "something else"),
                     Changed(step => step.Openings.Clear()), Changed(step => step.Openings.Add(step.Openings[0])),
                     Changed(step => step.Openings[0].Salt = Flipped(step.Openings[0].Salt)),
                     Changed(step => step.Openings[0].Salt = ByteString.Empty),
                     Changed(step => step.Openings[0].Content = ByteString.CopyFromUtf8("something else")),
                     Changed(step => step.Openings[0].Part = "answer.ground"),
                 })
            (await Reason(wrong)).ShouldBe("SIGNATURE_WRONG", $"{wrong}");
        await fixture.Steps.Take(sound, LifecycleFixture.Liaison.Caller, default);
    }

    [Fact]
    public async Task What_was_signed_can_be_verified_without_a_key_and_shows_no_text_after_the_key_was_destroyed()
    {
        var sent = await fixture.Sent();
        await fixture.Take(sent.Id, LifecycleFixture.Liaison, act => act.Answer = new()
        {
            Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Text = "Ganna Canary was tried before.",
        });
        await fixture.DestroyKey(sent.Id);

        var entry = (await fixture.Entries(sent.Id))[^1];

        using var certificate = X509CertificateLoader.LoadCertificate(entry.Signature.Certificate.Span);
        using var key = certificate.GetECDsaPublicKey()!;
        key.VerifyData(entry.Statement.Span, entry.Signature.Value.Span, HashAlgorithmName.SHA256).ShouldBeTrue();
        var statement = ActStatement.Parser.ParseFrom(entry.Statement.Span[1..]);
        (statement.Act.Answer.Outcome, statement.Act.Answer.Ground).ShouldBe((Outcome.Refused, "ne_bis_in_idem"));
        statement.Act.Answer.Text.ShouldBeEmpty();
        statement.Commitments.ShouldHaveSingleItem().Part.ShouldBe("answer.text");
        // Whoever guesses the text cannot confirm it by its plain hash.
        statement.Commitments[0].Hash.ToByteArray().ShouldNotBe(SHA256.HashData("Ganna Canary was tried before."u8));
        entry.ToByteString().ToStringUtf8().ShouldNotContain("Canary");
    }

    [Fact]
    public async Task A_letter_is_committed_to_and_its_words_cannot_be_guessed_from_what_stays()
    {
        var draft = await fixture.Draft();
        var letter = draft.ReadLetter(await fixture.Keys.Load(draft.Id, default));

        draft.Dossier.LetterHash.ToByteArray().ShouldBe(SHA256.HashData([.. letter.Salt.Span, .. letter.Content.Span]));
        (await fixture.Draft()).Dossier.LetterHash.ShouldNotBe(draft.Dossier.LetterHash);
    }

    [Fact]
    public async Task Of_two_officers_who_race_one_wins_and_the_other_is_told()
    {
        for (var round = 0; round < 25; round++)
        {
            var sent = await fixture.Sent();
            var outcomes = await Task.WhenAll(new[] { LifecycleFixture.Liaison, LifecycleFixture.SecondLiaison,
                LifecycleFixture.Prosecutor }.Select(async clerk =>
            {
                try
                {
                    await fixture.Take(sent, clerk, act =>
                    {
                        if (clerk == LifecycleFixture.Prosecutor)
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
            (await fixture.Known(sent.Id)).Version.ShouldBe(sent.Version + 1);
        }
    }

    [Fact]
    public async Task A_command_sent_again_has_no_second_effect_and_its_id_serves_no_other()
    {
        var sent = await fixture.Sent();
        var act = LifecycleFixture.ActOn(sent, a => a.Acknowledge = new() { Reference = "PL-1" });
        var first = await fixture.Steps.Take(new() { Act = act }, LifecycleFixture.Liaison.Caller, default);
        await fixture.Take(sent.Id, LifecycleFixture.Liaison, a => a.Recognise = new());

        var again = await fixture.Steps.Take(new() { Act = act }, LifecycleFixture.Liaison.Caller, default);

        again.Version.ShouldBe(first.Version);
        again.State.Version.ShouldBe(first.Version + 1);
        var other = act.Clone();
        other.Acknowledge.Reference = "PL-2";
        (await Should.ThrowAsync<Refusal>(() => fixture.Steps.Take(new() { Act = other }, LifecycleFixture.Liaison.Caller, default)))
            .Violations.Single()
            .Field.ShouldBe("command_id");
        (await Should.ThrowAsync<Refusal>(() => fixture.Steps.Take(new() { Act = act }, LifecycleFixture.SecondLiaison.Caller, default)))
            .Violations.Single()
            .Field.ShouldBe("command_id");
    }

    // An entry with them would be refused by whoever reads it afterwards, for ever: what was signed is compared letter by letter.
    [Fact]
    public async Task Takes_no_id_that_is_written_otherwise_than_it_is_stored()
    {
        var sent = await fixture.Sent();

        (await Should.ThrowAsync<Refusal>(() => fixture.Take(sent.Id, LifecycleFixture.Liaison, act =>
            (act.Acknowledge, act.CommandId) = (new(), act.CommandId.ToUpperInvariant())))).Violations.ShouldHaveSingleItem();
        (await Should.ThrowAsync<Refusal>(() => fixture.Take(sent.Id, LifecycleFixture.Liaison, act =>
            (act.Acknowledge, act.Request) = (new(), $"requests/{sent.Id:B}")))).Kind
            .ShouldBeOneOf(RefusalKind.Invalid, RefusalKind.NotFound);
        (await fixture.Known(sent.Id)).Version.ShouldBe(sent.Version);
    }

    [Fact]
    public async Task The_partner_must_see_an_amended_letter_before_it_goes_on()
    {
        var sent = await fixture.Sent();
        var letter = Letters.Complete("UNTOC-2000");
        letter.Purpose = "Also for the second count.";
        var amended = await fixture.Take(sent.Id, LifecycleFixture.Prosecutor, act =>
            act.Amend = new() { Letter = letter, Reason = "second count" });
        amended.Facts.LetterVersion.ShouldBe(2);

        (await Should.ThrowAsync<Refusal>(() => fixture.Take(sent, LifecycleFixture.Liaison, act => act.Acknowledge = new())))
            .Reason.ShouldBe("LETTER_AMENDED");
        await fixture.Take(amended, LifecycleFixture.Liaison, act => act.Acknowledge = new());

        letter.Urgency = Urgency.Urgent;
        letter.UrgencyReason = "trial";
        (await Should.ThrowAsync<Refusal>(() =>
            fixture.Take(sent.Id, LifecycleFixture.Prosecutor, act => act.Amend = new() { Letter = letter, Reason = "haste" })))
            .Violations.Single().Field.ShouldBe("act.amend.letter.urgency");
    }

    [Fact]
    public async Task A_draft_saved_just_as_it_is_writes_nothing()
    {
        var draft = await fixture.Draft();

        var saved = await fixture.Take(draft.Id, LifecycleFixture.Investigator,
            act => act.SaveDraft = new() { Letter = Letters.Complete("UNTOC-2000") });

        saved.Version.ShouldBe(draft.Version);
        (await fixture.Entries(draft.Id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_mended_letter_supersedes_the_one_that_was_returned_once_it_is_sent()
    {
        var sent = await fixture.Sent();
        (await Should.ThrowAsync<Refusal>(() => fixture.Draft(RequestId.NameOf(sent.Id)))).Reason.ShouldBe("NOT_SUPERSEDED");
        await fixture.Take(sent.Id, LifecycleFixture.Liaison,
            act => act.ReturnLetter = new() { Ground = "translation_missing", Reason = "Polish, please" });
        var mended = await fixture.Draft(RequestId.NameOf(sent.Id));
        await fixture.Take(mended.Id, LifecycleFixture.Investigator, act => act.Submit = new());
        await fixture.Take(mended.Id, LifecycleFixture.Prosecutor, act =>
            act.Approve = new() { LetterHash = LifecycleFixture.Hash(mended) });
        (await fixture.Known(sent.Id)).Facts.SupersededBy.ShouldBeEmpty();
        var gone = await fixture.Take(mended.Id, LifecycleFixture.Prosecutor,
            act => act.Transmit = new() { LetterHash = LifecycleFixture.Hash(mended), Channel = Channel.OnExchange });

        await fixture.FollowUps.MarkReplaced(gone.Facts, RequestState.ActorOf(LifecycleFixture.Prosecutor.Caller), default);
        await fixture.FollowUps.MarkReplaced(gone.Facts, RequestState.ActorOf(LifecycleFixture.Prosecutor.Caller), default);

        var old = await fixture.Known(sent.Id);
        old.Facts.SupersededBy.ShouldBe(RequestId.NameOf(mended.Id));
        old.Facts.Status.ShouldBe(Status.Returned);
        old.Version.ShouldBe(sent.Version + 2);
    }

    static ByteString Flipped(ByteString bytes) => ByteString.CopyFrom([.. bytes.Span[..^1], (byte)(bytes[^1] ^ 1)]);
}
