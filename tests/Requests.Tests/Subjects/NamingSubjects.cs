using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

/// <summary>Subjects come and go during the life of a request; a withdrawn one keeps its place.</summary>
public sealed class NamingSubjects : IAsyncLifetime
{
    LifecycleFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await LifecycleFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task Are_added_and_withdrawn_and_opened_as_they_were_named()
    {
        var draft = await fixture.Draft();
        var named = await fixture.Take(draft.Id, LifecycleFixture.Investigator,
            act => act.NameSubjects = new() { Add = { Person("Іван", "Ivan"), Person("Марыя"), Item() } });
        var second = $"{RequestId.NameOf(draft.Id)}/subjects/{named.Subjects.Subjects[1].SubjectId}";
        var left = await fixture.Take(draft.Id, LifecycleFixture.Investigator, act => act.NameSubjects = new() { Withdraw = { second } });

        left.Subjects.Subjects.Select(subject => subject.WithdrawnIn).ShouldBe([0, left.Version, 0]);
        left.Facts.SubjectsVersion.ShouldBe(left.Version);
        var subjects = (await fixture.Vault.Decrypt([Whole.Of(left)], default)).Single();
        subjects.Select(subject => subject.Withdrawn).ShouldBe([false, true, false]);
        subjects[0].Identity.Names.ShouldBe(["Іван", "Ivan"]);
        subjects[2].Identity.Identifiers.Single().Value.ShouldBe("WVWZZZ1JZXW000001");
        (await fixture.Refused(draft.Id, LifecycleFixture.Investigator, act => act.NameSubjects = new() { Withdraw = { second } }))
            .ShouldBe("INVALID_INPUT");
    }

    [Fact]
    public async Task After_transmission_take_a_prosecutor_and_a_reason()
    {
        var sent = await fixture.Sent();

        (await fixture.Refused(sent.Id, LifecycleFixture.Investigator,
            act => act.NameSubjects = new() { Reason = "found", Add = { Person("Іван") } })).ShouldBe("STEP_NOT_ALLOWED");
        (await fixture.Refused(sent.Id, LifecycleFixture.Prosecutor, act => act.NameSubjects = new() { Add = { Person("Іван") } }))
            .ShouldBe("INVALID_INPUT");
        (await fixture.Take(sent.Id, LifecycleFixture.Prosecutor, act =>
            act.NameSubjects = new() { Reason = "found", Add = { Person("Іван") } }))
            .Subjects.Subjects.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Are_refused_with_every_fault_named_and_nothing_of_the_person_repeated()
    {
        var draft = await fixture.Draft();
        var bad = new NewSubject
        {
            Identity = new()
            {
                Names = { " ", new string('Я', 201) }, BirthDate = "2999-01-01", Nationalities = { "ZZ" }, Location = new('Я', 501),
                Identifiers = { new Identifier { Value = "" }, new Identifier { Kind = IdentifierKind.Phone, Value = new('7', 101) } },
            },
        };

        var refusal = await Should.ThrowAsync<Refusal>(() => fixture.Take(draft.Id, LifecycleFixture.Investigator, act =>
            act.NameSubjects = new()
            {
                Add = { bad, new NewSubject { Kind = SubjectKind.Person, Role = SubjectRole.Victim } },
                Withdraw = { "requests/x/subjects/y" }
            }));

        const string First = "act.name_subjects.add[0]";
        refusal.Violations.Select(violation => violation.Field).ShouldBe(
        [
            $"{First}.kind", $"{First}.role", $"{First}.identity.names[0]", $"{First}.identity.names[1]",
            $"{First}.identity.identifiers[0].kind",
            $"{First}.identity.identifiers[0].value", $"{First}.identity.identifiers[1].value", $"{First}.identity.birth_date",
            $"{First}.identity.nationalities[0]", $"{First}.identity.location", "act.name_subjects.add[1].identity",
            "act.name_subjects.withdraw[0]",
        ]);
        refusal.Message.ShouldNotContain("Я");
    }

    [Fact]
    public void A_register_s_many_may_still_be_withdrawn()
    {
        var many = new SubjectsNamed { Subjects = { Enumerable.Range(0, 300).Select(i => new SealedSubject { SubjectId = $"s{i}" }) } };

        SubjectFaults.Of(new() { Withdraw = { "requests/r/subjects/s299" } }, many, "requests/r", LifecycleFixture.Reference,
            new(2026, 3, 2))
            .ShouldBeEmpty();
        SubjectFaults.Of(new() { Add = { Person("Іван") } }, many, "requests/r", LifecycleFixture.Reference, new(2026, 3, 2))
            .ShouldHaveSingleItem();
    }

    static NewSubject Person(params string[] names) =>
        new() { Kind = SubjectKind.Person, Role = SubjectRole.Witness, Identity = new() { Names = { names } } };

    static NewSubject Item() => new()
    {
        Kind = SubjectKind.Item, Role = SubjectRole.Contact,
        Identity = new() { Identifiers = { new Identifier { Kind = IdentifierKind.Vin, Value = "WVWZZZ1JZXW000001" } } },
    };
}
