using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

/// <summary>A refused step leaves nothing behind in the database of the keys either.</summary>
public sealed class LeavingNothing : IAsyncLifetime
{
    LifeDesk desk = null!;

    public async ValueTask InitializeAsync() => desk = await LifeDesk.Open();

    public async ValueTask DisposeAsync() => await desk.DisposeAsync();

    [Fact]
    public async Task Whoever_is_overtaken_leaves_no_key_of_the_subjects_he_named()
    {
        var draft = await desk.Draft();

        for (var round = 0; round < 5; round++)
        {
            var seen = await desk.Known(draft.Id);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
            {
                try
                {
                    await desk.Take(seen, LifeDesk.Investigator, act => act.NameSubjects = new() { Add = { Person($"Ivan {n}") } });
                }
                catch (Refusal refusal)
                {
                    refusal.Reason.ShouldBe("CHANGED_MEANWHILE");
                }
            }));
        }

        (await desk.Known(draft.Id)).Subjects.Subjects.Count.ShouldBe(5);
        (await desk.CountKeys("subject_keys")).ShouldBe(5);
        (await desk.Vault.Decrypt([await desk.Known(draft.Id)], default)).Single().ShouldAllBe(subject => subject.Identity != null);
    }

    [Fact]
    public async Task A_refused_step_makes_no_key_for_a_request_whose_key_was_destroyed()
    {
        var sent = await desk.Sent();
        await desk.DestroyKey(sent.Id);

        (await desk.Refused(sent.Id, LifeDesk.Prosecutor,
            act => act.ProposeCorrection = new() { Version = 99, Reason = "misread", Strike = true }))
            .ShouldBe("INVALID_INPUT");

        (await desk.CountKeys("request_keys")).ShouldBe(0);
    }

    [Fact]
    public async Task A_step_that_needs_a_letter_whose_key_was_destroyed_is_refused_by_name()
    {
        var draft = await desk.Draft();
        await desk.DestroyKey(draft.Id);

        (await desk.Refused(draft.Id, LifeDesk.Investigator, act => act.Submit = new())).ShouldBe("NO_LETTER");

        (await desk.CountKeys("request_keys")).ShouldBe(0);
    }

    static NewSubject Person(string name) =>
        new() { Kind = SubjectKind.Person, Role = SubjectRole.Witness, Identity = new() { Names = { name } } };
}
