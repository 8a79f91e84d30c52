using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

public sealed class ImportingARegister : IAsyncLifetime
{
    const string Victim = "BY-2005-000001,victim,Канарейкина Анна,1980-02-29,AB1766070,,,";
    const string Plate = "BY-2005-000001,suspect,,,,,7920 PE-1,";

    RegisterFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await RegisterFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task Keeps_what_is_sound_and_names_what_is_faulty()
    {
        var handed = await fixture.Import(
            [RegisterText.Row, RegisterText.With("reference=BY-2", "instrument=?", "urgency=?"),
                RegisterText.With("reference=BY-3", "urgency="), "BY-4,short"],
            [Victim, Plate]);

        handed.Remarks.ShouldBe(
            ["Requests 3 unknown_instrument", "Requests 3 unknown_urgency", "Requests 4 urgency_assumed", "Requests 5 wrong_field_count"]);
        handed.Report.ShouldBe(
            new RegisterReport { RequestRows = 4, SubjectRows = 2, Added = 2, Faulty = 2, Faults = 3, Warnings = 1, Subjects = 2 });
        handed.Messages[^1].Progress.RequestRowsDone.ShouldBe(4);
        var known = (await fixture.Known()).ShouldNotBeNull();
        known.Version.ShouldBe(1);
        known.Facts.Origin.ShouldBe(Origin.Imported);
        var subjects = (await fixture.Vault.Decrypt([Whole.Of(known)], default)).ShouldHaveSingleItem();
        subjects.ConvertAll(s => (s.Kind, s.Role))
            .ShouldBe([(SubjectKind.Person, SubjectRole.Victim), (SubjectKind.Item, SubjectRole.Suspect)]);
        subjects[0].Identity.Names.ShouldBe(["Канарейкина Анна"]);
        (await fixture.Entries(known.Id)).ShouldHaveSingleItem().Steps.Select(s => s.KindCase).ShouldBe(
        [
            Step.KindOneofCase.Observed, Step.KindOneofCase.Transmitted, Step.KindOneofCase.PartnerActed, Step.KindOneofCase.PartnerActed,
            Step.KindOneofCase.RequesterActed, Step.KindOneofCase.PartnerActed, Step.KindOneofCase.SubjectsNamed,
        ]);
    }

    [Fact]
    public async Task Changes_nothing_when_the_same_register_comes_again()
    {
        await fixture.Import([RegisterText.Row], [Victim, Plate]);

        var again = await fixture.Import([RegisterText.Row], [Plate, Victim]);

        again.Report.ShouldBe(new RegisterReport { RequestRows = 1, SubjectRows = 2, Unchanged = 1, Subjects = 2 });
        (await fixture.Count("journal")).ShouldBe(1);
    }

    [Fact]
    public async Task Takes_a_changed_row_for_a_correction()
    {
        await fixture.Import([RegisterText.Row], [Victim]);
        var before = (await fixture.Known()).ShouldNotBeNull();

        var handed = await fixture.Import([RegisterText.With("outcome=partially_executed")], [Victim]);

        handed.Report.Corrected.ShouldBe(1);
        var after = (await fixture.Known()).ShouldNotBeNull();
        (after.Id, after.Version, after.Facts.Status).ShouldBe((before.Id, 2, Status.PartiallyExecuted));
        after.Subjects.ShouldBe(before.Subjects);
        var steps = (await fixture.Entries(after.Id))[1].Steps;
        steps[0].Corrected.SupersededVersion.ShouldBe(1);
        steps.ShouldNotContain(s => s.KindCase == Step.KindOneofCase.SubjectsNamed);
    }

    [Fact]
    public async Task Takes_a_changed_subject_for_a_correction()
    {
        await fixture.Import([RegisterText.Row], [Victim, Plate]);

        (await fixture.Import([RegisterText.Row], [Victim])).Report.Corrected.ShouldBe(1);

        var after = (await fixture.Known()).ShouldNotBeNull();
        after.Subjects.Subjects.ShouldHaveSingleItem().Role.ShouldBe(SubjectRole.Victim);
    }

    [Fact]
    public async Task Leaves_the_known_subjects_alone_when_their_file_is_left_out()
    {
        await fixture.Import([RegisterText.Row], [Victim]);

        (await fixture.Import([RegisterText.Row])).Report.ShouldBe(new RegisterReport { RequestRows = 1, Unchanged = 1, Subjects = 1 });
        (await fixture.Import([RegisterText.With("outcome=refused")])).Report.Corrected.ShouldBe(1);

        (await fixture.Known()).ShouldNotBeNull().Subjects.Subjects.Count.ShouldBe(1);
        (await fixture.Import([RegisterText.With("outcome=refused")], [Victim])).Report.Unchanged.ShouldBe(1);
    }

    [Fact]
    public async Task Notes_that_an_equal_row_was_seen_later()
    {
        await fixture.Import([RegisterText.Row], [Victim], "2008-06-30");

        (await fixture.Import([RegisterText.Row], [Victim])).Report.Unchanged.ShouldBe(1);

        var known = (await fixture.Known()).ShouldNotBeNull();
        (known.Version, known.Facts.ObservedUntil).ShouldBe((2, "2008-12-31"));
        (await fixture.Entries(known.Id))[1].Steps.ShouldHaveSingleItem().Observed.ObservedUntil.ShouldBe("2008-12-31");
    }

    [Fact]
    public async Task Believes_no_older_register_against_a_newer_one()
    {
        await fixture.Import([RegisterText.Row]);

        var older = await fixture.Import([RegisterText.With("outcome=refused")], observedUntil: "2008-06-30");

        older.Remarks.ShouldContain("Requests 2 older_than_known");
        (await fixture.Import([RegisterText.Row], observedUntil: "2008-06-30")).Report.Unchanged.ShouldBe(1);
        (await fixture.Known()).ShouldNotBeNull().Version.ShouldBe(1);
    }

    [Fact]
    public async Task Brings_nothing_back_that_was_erased()
    {
        await fixture.Import([RegisterText.Row], [Victim]);
        await fixture.DestroyKeys();

        (await fixture.Import([RegisterText.With("outcome=refused")], [Victim])).Remarks.ShouldContain("Requests 2 erased");

        (await fixture.Known()).ShouldNotBeNull().Version.ShouldBe(1);
        (await fixture.CountKeys()).ShouldBe(0);
    }

    [Fact]
    public async Task Never_overrules_an_officer()
    {
        await fixture.Import([RegisterText.Row]);
        var known = (await fixture.Known()).ShouldNotBeNull();
        var adopted = known.Facts.Clone();
        adopted.Adopted = true;
        await fixture.Ledger.Append(RequestChange.Of(known, adopted).Compose(
            known, known.Id, RequestState.ActorOf(RegisterFixture.Prosecutor), new(Guid.CreateVersion7(), [1]), fixture.Clock.GetUtcNow()),
                default);

        (await fixture.Import([RegisterText.With("outcome=refused")]))
            .Remarks.ShouldBe(["Requests 2 kept_by_officer", "Requests 2 refusal_without_ground"]);
        (await fixture.Import([RegisterText.Row], observedUntil: "2009-01-31")).Report.Unchanged.ShouldBe(1);
        (await fixture.Known()).ShouldNotBeNull().Version.ShouldBe(2);
    }

    [Fact]
    public async Task Leaves_a_request_out_whole_when_a_subject_is_faulty()
    {
        var handed = await fixture.Import(
            [RegisterText.Row, RegisterText.With("reference=BY-2")],
            [Victim, "BY-2005-000001,accused,Canary,,,,,", "BY-2,victim,Anna,,,,,", "BY-9,victim,Canary,,,,,", "BY-2,victim,Anna,,,,,"]);

        handed.Remarks.ShouldBe(
            ["Requests 2 subject_at_fault", "Subjects 3 unknown_role", "Subjects 5 unknown_reference", "Subjects 6 repeated_subject"]);
        handed.Report.ShouldBe(
            new RegisterReport { RequestRows = 2, SubjectRows = 5, Added = 1, Faulty = 1, Faults = 3, Warnings = 1, Subjects = 1 });
        handed.Messages.ShouldAllBe(m => !m.ToString().Contains("Canary"));
    }

    [Fact]
    public async Task Takes_the_first_of_rows_with_one_reference_and_names_the_others()
    {
        var incoming = RegisterText.With("requesting_state=PL", "requested_state=BY");

        var handed = await fixture.Import(
            [RegisterText.Row, RegisterText.With("outcome=refused", "refusal_ground=ne_bis_in_idem"), RegisterText.Row, incoming]);

        handed.Remarks.ShouldBe(["Requests 3 repeated_reference", "Requests 4 repeated_reference"]);
        (handed.Report.Added, handed.Report.Faulty).ShouldBe((2, 2));
        (await fixture.Known()).ShouldNotBeNull().Facts.Status.ShouldBe(Status.Executed);
    }

    [Fact]
    public async Task Does_not_guess_whose_subject_it_is_when_two_states_use_one_reference()
    {
        var handed = await fixture.Import([RegisterText.Row, RegisterText.With("requesting_state=PL", "requested_state=BY")], [Victim]);

        handed.Remarks.ShouldBe(["Requests 2 subject_at_fault", "Requests 3 subject_at_fault", "Subjects 2 ambiguous_reference"]);
        (await fixture.Count("journal")).ShouldBe(0);
    }

    [Fact]
    public async Task Says_what_would_become_of_a_register_and_stores_nothing()
    {
        await fixture.Import([RegisterText.Row]);

        var handed = await fixture.Check(
            [RegisterText.With("outcome=refused"), RegisterText.With("reference=BY-2"), RegisterText.With("reference=BY-3", "offence=")],
            [Victim]);

        (handed.Report.Added, handed.Report.Corrected, handed.Report.Faulty).ShouldBe((1, 1, 1));
        (await fixture.Count("journal")).ShouldBe(1);
    }

    [Fact]
    public async Task Writes_each_request_once_when_two_imports_race()
    {
        var rows = Enumerable.Range(1, 600).Select(i => new RegisteredRequest(i, RegisterText.Sound($"reference=BY-{i}"), [])).ToList();
        using var tally = new RegisterTally(_ => Task.CompletedTask);

        // Without the lock that keeps imports apart: that of a killed one may be gone while its last writes still run.
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            new RegisterApplication(fixture.Store, fixture.Vault, fixture.Keys, fixture.Index, fixture.Fingerprints, fixture.Ledger,
                fixture.Clock, RegisterText.Context, RegisterFixture.Prosecutor, tally, keep: true)
                .Apply(rows.ToAsyncEnumerable(), default))));

        tally.Report.Faults.ShouldBe(0);
        (tally.Report.Added + tally.Report.Unchanged).ShouldBe(1_200);
        (await fixture.Count("journal")).ShouldBe(600);
        (await fixture.Count("requests")).ShouldBe(600);
    }

    [Fact]
    public async Task Tells_its_progress_at_least_every_thousand_rows()
    {
        var handed = await fixture.Import([.. Enumerable.Range(1, 2_500).Select(i => RegisterText.With($"reference=BY-{i}"))]);

        var progress = handed.Messages.Where(m => m.Progress is not null).Select(m => m.Progress).ToList();
        progress.Select(p => p.RequestRowsRead).ShouldBe([1_000, 2_000, 2_500, 2_500, 2_500]);
        progress.Select(p => p.RequestRowsDone).ShouldBe([0, 0, 1_000, 2_000, 2_500]);
    }

    [Fact]
    public async Task Leaves_no_name_readable_in_the_databases()
    {
        await fixture.Import([RegisterText.Row], [Victim]);

        var dump = await fixture.Dump();
        dump.ShouldContain("BY-2005-000001");
        foreach (var canary in new[] { "Канарейкина", "AB1766070", "1980-02-29" })
        {
            dump.ShouldNotContain(canary);
            dump.ShouldNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(canary)));
        }
    }
}
