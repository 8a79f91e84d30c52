using System.Security.Cryptography;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.Requests.Tests;

/// <summary>Who is not admitted to a restricted case writes no letter in it.</summary>
public sealed class WorkingOnRestrictedCases : IAsyncLifetime
{
    const string Restricted = "BY-CLOSED-1";

    LifecycleFixture fixture = null!;

    public async ValueTask InitializeAsync()
    {
        fixture = await LifecycleFixture.Open();
        var (id, kept) = (Guid.CreateVersion7(),
            new CaseKept { State = "BY", Number = Restricted, Lead = "general-prosecutor/international", Restricted = true });
        var entry = EntryBytes.Of(
            new JournalEntry { Aggregate = $"cases/{id}", Version = 1, Steps = { new Step { CaseKept = kept } } });
        (await fixture.Ledger.Append(
            new(id, 1, Guid.CreateVersion7(), SHA256.HashData(entry), entry, fixture.Clock.GetUtcNow(), CaseStore.Row(kept), Event: null),
            default))
            .ShouldBe(AppendOutcome.Appended);
    }

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task No_draft_is_opened_in_it_but_by_those_admitted()
    {
        (await Should.ThrowAsync<Refusal>(() => Open(LifecycleFixture.Investigator))).Violations.Single()
            .ShouldBe(new("letter.case_number", "is not a case you may work on."));

        (await Open(LifecycleFixture.Prosecutor)).State.Facts.CaseNumber.ShouldBe(Restricted);
    }

    [Fact]
    public async Task No_draft_is_moved_into_it_but_by_those_admitted()
    {
        var draft = await fixture.Draft();
        void Move(Act act) => act.SaveDraft = new() { Letter = Letter() };

        (await Should.ThrowAsync<Refusal>(() => fixture.Take(draft.Id, LifecycleFixture.Investigator, Move))).Violations.Single()
            .ShouldBe(new("act.letter.case_number", "is not a case you may work on."));

        (await fixture.Known(draft.Id)).Version.ShouldBe(draft.Version);
        (await fixture.Take(draft.Id, LifecycleFixture.Prosecutor, Move)).Facts.CaseNumber.ShouldBe(Restricted);
    }

    Task<(RequestState State, int Version)> Open(Clerk clerk) =>
        fixture.Drafts.Open(new() { Letter = Letter(), CommandId = Officer.NewId() }, clerk.Caller, default);

    static V1.Letter Letter()
    {
        var letter = Letters.Complete("UNTOC-2000");
        letter.CaseNumber = Restricted;
        return letter;
    }
}
