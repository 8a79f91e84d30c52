using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.Requests.Tests;

/// <summary>
/// Who is not admitted to a restricted case writes nothing into it, and learns nothing of it from how his letter is taken.
/// </summary>
public sealed class WorkingOnRestrictedCases : IAsyncLifetime
{
    const string Restricted = "BY-CLOSED-1";

    readonly Guid id = Guid.CreateVersion7();
    LifecycleFixture fixture = null!;

    public async ValueTask InitializeAsync()
    {
        fixture = await LifecycleFixture.Open();
        var kept = await fixture.RestrictedCase(id, Restricted);
        var entry = EntryBytes.Of(
            new JournalEntry { Aggregate = $"cases/{id}", Version = 1, Steps = { new Step { CaseKept = kept } } });
        (await fixture.Ledger.Append(
            new(id, 1, Guid.CreateVersion7(), EntryBytes.HashOf(entry), entry, fixture.Clock.GetUtcNow(),
                CaseStore.Row(kept, ""), Event: null), default))
            .ShouldBe(AppendOutcome.Appended);
    }

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Theory]
    [InlineData(Restricted)]
    [InlineData("by-closed-1")]
    [InlineData(" BY - CLOSED - 1 ")]
    [InlineData("BY\u2013CLOSED\u20111")]
    [InlineData("\uFF22\uFF39\uFF0DCLOSED\uFF0D\uFF11")]
    public async Task However_the_number_is_written_it_is_closed_to_others(string written)
    {
        var filed = (await Open(LifecycleFixture.Prosecutor, written)).State;

        filed.Facts.CaseNumber.ShouldBe(written);
        filed.Dossier.Case.ShouldBe(CaseState.NameOf(id));
        (await Sees(LifecycleFixture.Prosecutor, filed)).ShouldBeTrue();
        (await Sees(LifecycleFixture.Investigator, filed)).ShouldBeFalse();
        (await fixture.Store.ClosedTo(LifecycleFixture.Investigator.Caller, Guid.Empty, 10, default)).ShouldBe([filed.Id]);
        (await fixture.Store.ClosedTo(LifecycleFixture.Prosecutor.Caller, Guid.Empty, 10, default)).ShouldBeEmpty();
        (await fixture.Store.ClosedTo(LifecycleFixture.Liaison.Caller, Guid.Empty, 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_another_files_under_its_number_is_taken_as_under_a_number_that_is_not_kept()
    {
        var closed = (await Open(LifecycleFixture.Investigator, Restricted)).State;
        var absent = (await Open(LifecycleFixture.Investigator, "BY-ABSENT-1")).State;

        foreach (var filed in new[] { closed, absent })
        {
            filed.Dossier.Case.ShouldBeEmpty();
            foreach (var clerk in new[] { LifecycleFixture.Investigator, LifecycleFixture.Prosecutor })
                (await Sees(clerk, filed)).ShouldBeTrue();
        }
        (await fixture.Store.ClosedTo(LifecycleFixture.Investigator.Caller, Guid.Empty, 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_draft_is_moved_into_it_by_those_admitted_only()
    {
        var draft = await fixture.Draft();
        await fixture.Take(draft.Id, LifecycleFixture.Investigator, Move);
        (await Sees(LifecycleFixture.Investigator, draft)).ShouldBeTrue();

        await fixture.Take(draft.Id, LifecycleFixture.Prosecutor, act => act.SaveDraft = new() { Letter = Letter("BY-CLOSED -1") });
        (await Sees(LifecycleFixture.Investigator, draft)).ShouldBeFalse();
        (await Sees(LifecycleFixture.Prosecutor, draft)).ShouldBeTrue();

        static void Move(Act act) => act.SaveDraft = new() { Letter = Letter(Restricted) };
    }

    async Task<bool> Sees(Clerk clerk, RequestState request) =>
        (await fixture.Store.Find([request.Id], clerk.Caller, default)).ContainsKey(request.Id);

    Task<(RequestState State, int Version)> Open(Clerk clerk, string number) =>
        fixture.Drafts.Open(new() { Letter = Letter(number), CommandId = Officer.NewId() }, clerk.Caller, default);

    static V1.Letter Letter(string number)
    {
        var letter = Letters.Complete("UNTOC-2000");
        letter.CaseNumber = number;
        return letter;
    }
}
