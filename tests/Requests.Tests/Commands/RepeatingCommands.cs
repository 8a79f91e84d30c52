using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.Requests.Tests;

/// <summary>
/// A command sent again is given its first answer, whatever it would be refused for by now; and nothing that is hidden since.
/// </summary>
public sealed class RepeatingCommands : IAsyncLifetime
{
    LifecycleFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await LifecycleFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task A_draft_that_replaces_a_request_is_answered_again_after_that_was_replaced()
    {
        var sent = await fixture.Sent();
        await fixture.Take(sent.Id, LifecycleFixture.Liaison,
            act => act.ReturnLetter = new() { Ground = "translation_missing", Reason = "Polish, please" });
        var request = Draft(supersedes: RequestId.NameOf(sent.Id));
        var first = await Open(request);
        await fixture.FollowUps.Take(sent.Id, StepCode.Supersede, "another one", RequestState.ActorOf(LifecycleFixture.Prosecutor.Caller),
            new() { OccurredOn = "2026-03-02", Superseded = new() { By = RequestId.NameOf(first.State.Id) } }, default);

        var again = await Open(request);

        (again.State.Id, again.Version).ShouldBe((first.State.Id, first.Version));
        (await Should.ThrowAsync<Refusal>(() => Open(Draft(supersedes: RequestId.NameOf(sent.Id))))).Reason.ShouldBe("NOT_SUPERSEDED");
    }

    [Fact]
    public async Task A_step_is_answered_again_with_its_own_request_after_another_got_that_reference()
    {
        var sent = await fixture.Sent();
        var act = LifecycleFixture.ActOn(sent, step => step.Acknowledge = new());
        act.Request = "requests/" + sent.Facts.Reference;
        var first = await Take();
        // References are unique within a state only, and the own state's is meant first.
        var own = sent.Facts.Clone();
        (own.RequestingState, own.RequestedState) = ("PL", "LT");
        var written = new Step { OccurredOn = "2026-03-02", LetterWritten = new() };
        var actor = RequestState.ActorOf(LifecycleFixture.Liaison.Caller);
        var id = Guid.CreateVersion7();
        await fixture.Ledger.Append(new RequestChange(own, new(), [written]) { Code = StepCode.SaveDraft }
            .EncryptParticulars(await fixture.Keys.Make(id, default), fixture.Index)
            .Compose(null, id, actor, CommandIdentity.New([1]), fixture.Clock.GetUtcNow()), default);

        var again = await Take();

        (again.State.Id, again.Version).ShouldBe((sent.Id, first.Version));

        Task<(RequestState State, int Version)> Take() => fixture.Steps.Take(
            LifecycleFixture.Liaison.Sign(act), LifecycleFixture.Liaison.Caller, default);
    }

    [Fact]
    public async Task A_draft_sent_twice_at_once_leaves_one_key()
    {
        var request = Draft();

        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Open(request)));

        opened.Select(one => one.State.Id).Distinct().ShouldHaveSingleItem();
        (await fixture.CountKeys("request_keys")).ShouldBe(1);
    }

    [Fact]
    public async Task A_draft_is_answered_again_when_its_letter_would_be_refused_by_now()
    {
        var request = Draft();
        var first = await Open(request);
        var elsewhere = fixture.DraftsAt("LT");

        var again = await elsewhere.Open(request, LifecycleFixture.Investigator.Caller, default);

        again.State.Id.ShouldBe(first.State.Id);
        (await Should.ThrowAsync<Refusal>(() => elsewhere.Open(Draft(), LifecycleFixture.Investigator.Caller, default)))
            .Violations.Single().Field.ShouldBe("letter.requested_state");
    }

    [Fact]
    public async Task A_draft_moved_to_another_case_is_answered_again_after_its_first_case_was_closed_to_its_author()
    {
        var request = Draft();
        var first = await Open(request);
        var moved = Letters.Complete("UNTOC-2000");
        moved.CaseNumber = "BY-OTHER-1";
        await fixture.Take(first.State.Id, LifecycleFixture.Investigator, act => act.SaveDraft = new() { Letter = moved });
        await Close(request.Letter.CaseNumber);

        var again = await Open(request);

        (again.State.Id, again.Version, again.State.Version).ShouldBe((first.State.Id, 1, 2));
    }

    [Fact]
    public async Task A_draft_in_a_case_closed_to_its_author_since_is_not_shown_to_him_again()
    {
        var request = Draft();
        await Open(request);
        await Close(request.Letter.CaseNumber);

        (await Should.ThrowAsync<Refusal>(() => Open(request))).Reason.ShouldBe("REQUEST_NOT_FOUND");
    }

    [Fact]
    public async Task Copies_of_one_command_at_once_open_one_draft()
    {
        var request = Draft();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Open(request)));

        answers.Select(answer => answer.State.Id).Distinct().Count().ShouldBe(1);
        (await fixture.Store.Count(default)).ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_command_without_an_id_every_fault_is_named()
    {
        var request = Draft(supersedes: "requests/none");
        (request.CommandId, request.Letter.RequestedState) = ("x", "BY");

        (await Should.ThrowAsync<Refusal>(() => Open(request))).Violations.Select(violation => violation.Field)
            .ShouldBe(["letter.requested_state", "command_id", "supersedes"]);
    }

    static CreateDraftRequest Draft(string supersedes = "") =>
        new() { Letter = Letters.Complete("UNTOC-2000"), Supersedes = supersedes, CommandId = Officer.NewId() };

    Task<(RequestState State, int Version)> Open(CreateDraftRequest request) =>
        fixture.Drafts.Open(request, LifecycleFixture.Investigator.Caller, default);

    /// <summary>Restricts a case to a unit that is not the investigator's.</summary>
    async Task Close(string number)
    {
        var id = Guid.CreateVersion7();
        var kept = await fixture.RestrictedCase(id, number);
        var entry = EntryBytes.Of(
            new JournalEntry { Aggregate = $"cases/{id}", Version = 1, Steps = { new Step { CaseKept = kept } } });
        (await fixture.Ledger.Append(
            new(id, 1, Guid.CreateVersion7(), [1], entry, fixture.Clock.GetUtcNow(), CaseStore.Row(kept, ""), Event: null), default))
            .ShouldBe(AppendOutcome.Appended);
    }
}
