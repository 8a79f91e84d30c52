using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests.Tests;

/// <summary>A wrong entry is superseded by two officers of its side, and the facts say what stands.</summary>
public sealed class CorrectingEntries : IAsyncLifetime
{
    LifecycleFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await LifecycleFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task Takes_two_officers_of_the_side_that_wrote_it()
    {
        var answered = await Answered();
        (await fixture.Refused(answered.Id, LifecycleFixture.Prosecutor, Strike(answered.Version))).ShouldBe("INVALID_INPUT");
        var proposed = await fixture.Take(answered.Id, LifecycleFixture.Liaison, Strike(answered.Version));

        (await fixture.Refused(answered.Id, LifecycleFixture.SecondLiaison, Strike(answered.Version))).ShouldBe("CORRECTION_WAITS");
        (await fixture.Refused(answered.Id, LifecycleFixture.Liaison, Confirm(proposed))).ShouldBe("OWN_CORRECTION");
        (await fixture.Refused(answered.Id, LifecycleFixture.Prosecutor, Confirm(proposed))).ShouldBe("NO_SUCH_CORRECTION");
        (await fixture.Refused(answered.Id, LifecycleFixture.SecondLiaison, act => act.ConfirmCorrection = new()
        {
            ProposedIn = proposed.Version, StatementHash = answered.Dossier.LetterHash,
        })).ShouldBe("NO_SUCH_CORRECTION");
        (await fixture.Known(answered.Id)).Facts.Answers.Count.ShouldBe(1);
        var corrected = await fixture.Take(answered.Id, LifecycleFixture.SecondLiaison, Confirm(proposed));

        corrected.Facts.Answers.ShouldBeEmpty();
        corrected.Facts.Status.ShouldBe(Status.Acknowledged);
        corrected.Facts.TransmittedOn.ShouldBe(answered.Facts.TransmittedOn);
        corrected.Dossier.ProposedCorrection.ShouldBeNull();
    }

    [Fact]
    public async Task That_makes_an_answer_final_leaves_no_second_one_although_a_question_followed()
    {
        var sent = await fixture.Sent();
        var inPart = await fixture.Take(sent.Id, LifecycleFixture.Liaison, act => act.Answer = new()
        {
            Outcome = Outcome.PartiallyExecuted, Measures = { new MeasureOutcome { Measure = sent.Facts.Measures[0], Done = true } },
        });
        await fixture.Take(sent.Id, LifecycleFixture.Liaison, act => act.RequestSupplement = new() { Question = "which year?" });
        var corrected = await Corrected(sent.Id, LifecycleFixture.Liaison, LifecycleFixture.SecondLiaison, act =>
            act.ProposeCorrection = new() { Version = inPart.Version, Reason = "it was all", Outcome = Outcome.Executed });
        corrected.Facts.Status.ShouldBe(Status.SupplementRequested);
        await fixture.Take(sent.Id, LifecycleFixture.Prosecutor, act => act.ProvideSupplement = new() { Reply = "2019" });

        (await fixture.Refused(sent.Id, LifecycleFixture.Liaison, act => act.Answer = new() { Outcome = Outcome.Executed }))
            .ShouldBe("ANSWER_IS_FINAL");
    }

    [Fact]
    public async Task Turned_down_changes_nothing()
    {
        var answered = await Answered();
        var proposed = await fixture.Take(answered.Id, LifecycleFixture.Liaison, Strike(answered.Version));
        var rejected = await fixture.Take(answered.Id, LifecycleFixture.SecondLiaison,
            act => act.RejectCorrection = new() { ProposedIn = proposed.Version, Reason = "it stands" });

        NaiveLife.Of(rejected.Facts).ShouldBe(NaiveLife.Of(answered.Facts));
        (await fixture.Refused(answered.Id, LifecycleFixture.SecondLiaison, Confirm(proposed))).ShouldBe("NO_SUCH_CORRECTION");
    }

    [Fact]
    public async Task Moves_the_limits_with_the_day_the_letter_was_sent()
    {
        var sent = await fixture.Sent(Channel.OffExchange);
        var moved = await Corrected(sent.Id, LifecycleFixture.Prosecutor, LifecycleFixture.SecondProsecutor, act =>
            act.ProposeCorrection = new() { Version = sent.Version, Reason = "postmark", OccurredOn = "2026-02-20" });

        moved.Facts.TransmittedOn.ShouldBe("2026-02-20");
        moved.Facts.TimeLimits.Single()
            .ShouldSatisfyAllConditions(l => l.StartOn.ShouldBe("2026-02-20"), l => l.DueOn.ShouldBe("2026-08-19"));
    }

    [Fact]
    public async Task Changes_what_an_answer_said_and_must_name_a_fitting_ground()
    {
        var answered = await Answered();
        var wrong = await Should.ThrowAsync<Refusal>(() => fixture.Take(answered.Id, LifecycleFixture.Liaison, act =>
            act.ProposeCorrection =
                new() { Version = answered.Version, Reason = "misread", Outcome = Outcome.Refused, Ground = "person_not_found" }));
        wrong.Violations.Single().Field.ShouldBe("act.propose_correction.ground");

        var corrected = await Corrected(answered.Id, LifecycleFixture.Liaison, LifecycleFixture.SecondLiaison, act =>
            act.ProposeCorrection =
                new() { Version = answered.Version, Reason = "misread", Outcome = Outcome.Refused, Ground = "ne_bis_in_idem" });

        corrected.Facts.Status.ShouldBe(Status.Refused);
        corrected.Facts.Answers.Single().ShouldSatisfyAllConditions(
            a => a.Outcome.ShouldBe(Outcome.Refused), a => a.Ground.ShouldBe("ne_bis_in_idem"), a => a.Final.ShouldBeTrue());
    }

    [Fact]
    public async Task Lets_no_ground_in_that_is_barred_under_the_instrument()
    {
        var answered = await Answered();
        var sent = await fixture.Sent();

        (await Should.ThrowAsync<Refusal>(() => fixture.Take(sent.Id, LifecycleFixture.Liaison, act =>
            act.Answer = new() { Outcome = Outcome.Refused, Ground = "fiscal_offence", Text = "taxes" }))).Violations.Single()
                .Field.ShouldBe("act.answer.ground");
        (await Should.ThrowAsync<Refusal>(() => fixture.Take(answered.Id, LifecycleFixture.Liaison, act => act.ProposeCorrection = new()
        {
            Version = answered.Version, Reason = "misread", Outcome = Outcome.Refused, Ground = "fiscal_offence",
        }))).Violations.Single().Field.ShouldBe("act.propose_correction.ground");
    }

    [Fact]
    public async Task Of_what_never_happened_says_nothing_else()
    {
        var answered = await Answered();

        // A word in a field that nobody reads would be kept in clear, under the officer's signature.
        (await Should.ThrowAsync<Refusal>(() => fixture.Take(answered.Id, LifecycleFixture.Liaison, act => act.ProposeCorrection = new()
        {
            Version = answered.Version, Reason = "misread", Strike = true, Ground = "Ivan Ivanov",
        }))).Violations.Single().Field.ShouldBe("act.propose_correction.strike");
    }

    [Fact]
    public async Task Of_a_day_alone_asks_nothing_of_the_ground_a_register_left_out()
    {
        var id = await Adopted(RegisterText.Sound("outcome=refused"));
        var refused = (await fixture.Entries(id))[0].Steps.Index().Single(s => s.Item.PartnerActed?.Status == Status.Refused).Index;

        var corrected = await Corrected(id, LifecycleFixture.Prosecutor, LifecycleFixture.SecondProsecutor, act =>
            act.ProposeCorrection = new() { Version = 1, Step = refused, Reason = "stamp", OccurredOn = "2005-03-02" });

        corrected.Facts.Answers.Single().AnsweredOn.ShouldBe("2005-03-02");
    }

    [Fact]
    public async Task Of_an_answer_in_full_to_one_in_part_leaves_the_rest_to_come()
    {
        var answered = await Answered();

        var corrected = await Corrected(answered.Id, LifecycleFixture.Liaison, LifecycleFixture.SecondLiaison, act =>
            act.ProposeCorrection =
                new() { Version = answered.Version, Reason = "one witness is missing", Outcome = Outcome.PartiallyExecuted });

        corrected.Facts.Answers.Single().Final.ShouldBeFalse();
        (await fixture.Take(answered.Id, LifecycleFixture.Liaison, act => act.Answer = new() { Outcome = Outcome.Executed }))
            .Facts.Answers.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Corrects_a_correction()
    {
        var answered = await Answered();
        var first = await Corrected(answered.Id, LifecycleFixture.Liaison, LifecycleFixture.SecondLiaison, act =>
            act.ProposeCorrection =
                new() { Version = answered.Version, Reason = "misread", Outcome = Outcome.Refused, Ground = "ne_bis_in_idem" });
        (await fixture.Refused(answered.Id, LifecycleFixture.Liaison, Strike(answered.Version))).ShouldBe("INVALID_INPUT");

        var second = await Corrected(answered.Id, LifecycleFixture.Liaison, LifecycleFixture.SecondLiaison, act =>
            act.ProposeCorrection = new() { Version = first.Version, Step = 1, Reason = "after all", Outcome = Outcome.Executed });

        second.Facts.Status.ShouldBe(Status.Executed);
        second.Facts.Answers.Single().Ground.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_an_adopted_request_keeps_what_the_register_told()
    {
        var row = RegisterText.Sound();
        var facts = RegisterFacts.Of(row, RegisterText.Context, null);
        var id = await Imported(row);
        NaiveLife.Of(Corrections.Replay(facts, Corrections.Standing(await fixture.Entries(id)))).ShouldBe(NaiveLife.Of(facts));
        (await fixture.Refused(id, LifecycleFixture.Prosecutor, act => act.Close = new())).ShouldBe("ADOPT_FIRST");
        await fixture.Take(id, LifecycleFixture.Prosecutor, act => act.Adopt = new());

        var acknowledged = (await fixture.Entries(id))[0].Steps.Index().Single(s => s.Item.PartnerActed?.Status == Status.Acknowledged)
            .Index;
        var corrected = await Corrected(id, LifecycleFixture.Prosecutor, LifecycleFixture.SecondProsecutor, act =>
            act.ProposeCorrection = new() { Version = 1, Step = acknowledged, Reason = "stamp", OccurredOn = "2005-01-21" });

        corrected.Facts.AcknowledgedOn.ShouldBe("2005-01-21");
        corrected.Facts.Adopted.ShouldBeTrue();
        corrected.Facts.Answers.ShouldBe(facts.Answers);
        corrected.Facts.TimeLimits.ShouldBe(facts.TimeLimits);
    }

    static Action<Act> Strike(int version) => act =>
        act.ProposeCorrection = new() { Version = version, Reason = "entered for another request", Strike = true };

    static Action<Act> Confirm(RequestState proposed) => act => act.ConfirmCorrection = new()
    {
        ProposedIn = proposed.Version, StatementHash = proposed.Dossier.ProposedCorrection?.StatementHash ?? ByteString.Empty,
    };

    async Task<RequestState> Corrected(Guid id, Clerk one, Clerk other, Action<Act> proposal)
    {
        var proposed = await fixture.Take(id, one, proposal);
        return await fixture.Take(id, other, Confirm(proposed));
    }

    async Task<Guid> Imported(RequestRow row)
    {
        var id = Guid.CreateVersion7();
        var facts = RegisterFacts.Of(row, RegisterText.Context, null);
        List<Step> steps = [RegisterSteps.Observed(RegisterText.Context, [1]), .. RegisterSteps.Life(row, facts, RegisterText.Context)];
        var key = await fixture.Keys.Make(id, default);
        await fixture.Ledger.Append(new RequestChange(facts, new(), steps).EncryptParticulars(key, fixture.Index).Compose(
            null, id, RequestState.ActorOf(LifecycleFixture.Prosecutor.Caller), new(Guid.CreateVersion7(), [1]),
            fixture.Clock.GetUtcNow()), default);
        return id;
    }

    async Task<Guid> Adopted(RequestRow row)
    {
        var id = await Imported(row);
        await fixture.Take(id, LifecycleFixture.Prosecutor, act => act.Adopt = new());
        return id;
    }

    async Task<RequestState> Answered()
    {
        var sent = await fixture.Sent();
        await fixture.Take(sent.Id, LifecycleFixture.Liaison, act => act.Acknowledge = new());
        return await fixture.Take(sent.Id, LifecycleFixture.Liaison, act => act.Answer = new() { Outcome = Outcome.Executed });
    }
}
