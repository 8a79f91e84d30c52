using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

/// <summary>A refused step leaves nothing behind in the database of the keys either.</summary>
public sealed class LeavingNothing : IAsyncLifetime
{
    LifecycleFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await LifecycleFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task Whoever_is_overtaken_leaves_no_key_of_the_subjects_he_named()
    {
        var draft = await fixture.Draft();

        for (var round = 0; round < 5; round++)
        {
            var seen = await fixture.Known(draft.Id);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
            {
                try
                {
                    await fixture.Take(seen, LifecycleFixture.Investigator, act =>
                        act.NameSubjects = new() { Add = { Person($"Ivan {n}") } });
                }
                catch (Refusal refusal)
                {
                    refusal.Reason.ShouldBe("CHANGED_MEANWHILE");
                }
            }));
        }

        (await fixture.Known(draft.Id)).Subjects.Subjects.Count.ShouldBe(5);
        (await fixture.CountKeys("subject_keys")).ShouldBe(5);
        (await fixture.Vault.Decrypt([Whole.Of(await fixture.Known(draft.Id))], default)).Single()
            .ShouldAllBe(subject => subject.Identity != null);
    }

    [Fact]
    public async Task A_refused_step_makes_no_key_for_a_request_whose_key_was_destroyed()
    {
        var sent = await fixture.Sent();
        await fixture.DestroyKey(sent.Id);

        (await fixture.Refused(sent.Id, LifecycleFixture.Prosecutor,
            act => act.ProposeCorrection = new() { Version = 99, Reason = "misread", Strike = true }))
            .ShouldBe("INVALID_INPUT");

        (await fixture.CountKeys("request_keys")).ShouldBe(0);
    }

    [Fact]
    public async Task A_step_on_a_request_whose_data_were_erased_is_refused_and_makes_no_key()
    {
        var (sent, draft) = (await fixture.Sent(), await fixture.Draft());
        await fixture.DestroyKey(sent.Id);
        await fixture.DestroyKey(draft.Id);
        var before = await fixture.Everything();

        (await fixture.Refused(sent.Id, LifecycleFixture.Liaison, act => act.Acknowledge = new())).ShouldBe("REQUEST_ERASED");
        (await fixture.Refused(sent.Id, LifecycleFixture.Liaison,
            act => act.Answer = new() { Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Text = "Judged here." }))
            .ShouldBe("REQUEST_ERASED");
        (await fixture.Refused(draft.Id, LifecycleFixture.Investigator,
            act => act.NameSubjects = new() { Add = { Person("Ivan") } })).ShouldBe("REQUEST_ERASED");

        (await fixture.CountKeys("request_keys"), await fixture.CountKeys("subject_keys")).ShouldBe((0, 0));
        (await fixture.Everything()).ShouldBe(before);
    }

    [Fact]
    public async Task A_step_that_needs_a_letter_whose_key_was_destroyed_is_refused_by_name()
    {
        var draft = await fixture.Draft();
        await fixture.DestroyKey(draft.Id);

        (await fixture.Refused(draft.Id, LifecycleFixture.Investigator, act => act.Submit = new())).ShouldBe("NO_LETTER");

        (await fixture.CountKeys("request_keys")).ShouldBe(0);
    }

    static NewSubject Person(string name) =>
        new() { Kind = SubjectKind.Person, Role = SubjectRole.Witness, Identity = new() { Names = { name } } };
}
