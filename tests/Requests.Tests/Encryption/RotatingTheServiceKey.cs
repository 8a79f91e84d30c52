using System.Security.Cryptography;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.Requests.Tests;

/// <summary>After the service key was replaced all is readable, and what is sent again is recognised.</summary>
public sealed class RotatingTheServiceKey
{
    [Fact]
    public async Task A_command_sent_again_gets_its_first_answer_and_subjects_and_letters_are_read()
    {
        await using var fixture = await LifecycleFixture.Open();
        var opened = new CreateDraftRequest { Letter = Letters.Complete("UNTOC-2000"), CommandId = Officer.NewId() };
        opened.Letter.NoKnownSubjects = false;
        var first = await fixture.Drafts.Open(opened, LifecycleFixture.Investigator.Caller, default);
        var id = first.State.Id;
        var act = LifecycleFixture.ActOn(first.State, step => step.NameSubjects = new()
        {
            Add =
            {
                new NewSubject { Kind = SubjectKind.Person, Role = SubjectRole.Victim, Identity = new() { Names = { "Ala Testowa" } } },
            },
        });
        var signature = LifecycleFixture.Investigator.Sign(act);
        var named = await fixture.Steps.Take(act, signature, LifecycleFixture.Investigator.Caller, default);

        var after = await fixture.AfterRotation();

        (await after.Keys.Load(id, default)).ShouldNotBeNull();
        var again = await after.Drafts.Open(opened, LifecycleFixture.Investigator.Caller, default);
        (again.State.Id, again.Version).ShouldBe((id, 1));
        var stepAgain = await after.Steps.Take(act, signature, LifecycleFixture.Investigator.Caller, default);
        stepAgain.Version.ShouldBe(named.Version);
        (await after.Entries(id)).Count.ShouldBe(2);
        var known = await after.Known(id);
        (await after.Vault.Decrypt([known], default)).Single().Single().Identity.Names.ShouldBe(["Ala Testowa"]);
        known.ReadLetter(await after.Keys.Load(id, default)).ShouldBe(opened.Letter);
        // The same id with other words is another command still.
        opened.Letter.CaseNumber = "BY-OTHER-1";
        (await Should.ThrowAsync<Refusal>(() => after.Drafts.Open(opened, LifecycleFixture.Investigator.Caller, default)))
            .Violations.Single().Field.ShouldBe("command_id");
        await after.Take(id, LifecycleFixture.Investigator, step => step.Submit = new());
        (await after.AfterRotation()).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_register_imported_again_changes_nothing_and_a_changed_row_keeps_its_subjects()
    {
        const string victim = "BY-2005-000001,victim,Ala Testowa,1990-01-01,MP1234567,,,";
        await using var fixture = await RegisterFixture.Open();
        (await fixture.Import([RegisterText.Row], [victim])).Report.Added.ShouldBe(1);
        var before = (await fixture.Known())!;

        var after = await fixture.AfterRotation();

        foreach (var subjects in new[] { [victim], (string[]?)null })
        {
            var again = (await after.Import([RegisterText.Row], subjects)).Report;
            (again.Added, again.Corrected, again.Unchanged).ShouldBe((0, 0, 1));
        }
        var unchanged = (await after.Known())!;
        (unchanged.Id, unchanged.Version).ShouldBe((before.Id, 1));
        (await after.Import([RegisterText.With("outcome=partially_executed")], [victim])).Report.Corrected.ShouldBe(1);
        var corrected = (await after.Known())!;
        corrected.Subjects.ShouldBe(before.Subjects);
        corrected.Fingerprint![0].ShouldBe((byte)2);
        (await after.Import([RegisterText.With("outcome=partially_executed")], [victim])).Report.Unchanged.ShouldBe(1);
        (await after.Vault.Decrypt([corrected], default)).Single().Single().Identity.Names.ShouldBe(["Ala Testowa"]);
    }

    [Fact]
    public async Task A_rotation_cut_short_goes_on_and_leaves_alone_what_it_cannot_unwrap()
    {
        await using var databases = await RequestsDatabases.Create(TimeProvider.System);
        var keys = new Database(databases.Keys);
        var lasting = await Add(databases.ServiceKey);
        var (older, newer) = (databases.KeyFile, databases.NewKeyFile());
        await databases.Rotate(newer, older);
        // As if it had been ended before these were reached; and one of a key that nobody has.
        var late = await Add(databases.ServiceKey);
        var stranger = await Add(TestKeys.NewServiceKey());

        (await Should.ThrowAsync<InvalidOperationException>(() => databases.Rotate(newer, older))).Message
            .ShouldStartWith("1 keys were wrapped");

        var rotated = TestKeys.ServiceKeyIn(newer);
        foreach (var request in new[] { lasting, late })
            rotated.Unwrap(RequestKeys.Wrapped.Label, await Wrapped(request), Encryption.BytesOf(request)).Length.ShouldBe(32);
        var left = await Wrapped(stranger);
        Should.Throw<CryptographicException>(() => rotated.Unwrap(RequestKeys.Wrapped.Label, left, Encryption.BytesOf(stranger)));
        // One new version a rotation, however often it is begun.
        (await keys.Query("SELECT name FROM keyring WHERE name LIKE 'command digest/%' ORDER BY 1", [], row => row.GetString(0), default))
            .ShouldBe(["command digest/1", "command digest/2"]);
        (await Should.ThrowAsync<InvalidOperationException>(() => RequestsDatabases.KeyringIn(databases.Keys, databases.ServiceKey)))
            .Message.ShouldContain("was not wrapped by the service key");

        async Task<Guid> Add(ServiceKey by)
        {
            var request = Guid.CreateVersion7();
            await keys.Execute("INSERT INTO request_keys (request_id, wrapped) VALUES ($1, $2)",
                [request, by.Wrap(RequestKeys.Wrapped.Label, new byte[32], Encryption.BytesOf(request))], default);
            return request;
        }

        async Task<byte[]> Wrapped(Guid request) => (await keys.Query("SELECT wrapped FROM request_keys WHERE request_id = $1", [request],
            row => row.GetFieldValue<byte[]>(0), default)).Single();
    }

    [Fact]
    public async Task Replicas_that_start_together_have_the_same_keys_and_use_a_new_version_only_when_all_know_it()
    {
        await using var databases = await RequestsDatabases.Create(TimeProvider.System);
        var keys = new Database(databases.Keys);
        await keys.Execute("DELETE FROM keyring", [], default);

        var replicas = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => RequestsDatabases.KeyringIn(databases.Keys, databases.ServiceKey)));

        replicas.Select(one => Convert.ToHexString(one.InUse(StateMac.Purpose).Secret)).Distinct().ShouldHaveSingleItem();
        await keys.Execute("INSERT INTO keyring (name, wrapped) VALUES ('state row/2', $1)",
            [databases.ServiceKey.Wrap("exchange keyring v1", new byte[32], "state row/2"u8)], default);
        await replicas[0].Load(default);
        replicas[0].InUse(StateMac.Purpose).Version.ShouldBe(1);
        replicas[0].All(StateMac.Purpose).Select(key => key.Version).ShouldBe([2, 1]);
        await keys.Execute("UPDATE keyring SET created_at = created_at - interval '11 minutes'", [], default);
        await replicas[0].Load(default);
        replicas[0].InUse(StateMac.Purpose).Version.ShouldBe(2);
    }
}
