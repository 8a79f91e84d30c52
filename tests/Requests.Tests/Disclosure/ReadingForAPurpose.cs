using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;

namespace Exchange.Requests.Tests;

/// <summary>For what the requested side reads whom a request names, and what the requesting side learns of it.</summary>
public sealed class ReadingForAPurpose(InboxFixture fixture) : IClassFixture<InboxFixture>
{
    [Fact]
    public async Task To_those_entrusted_with_it_the_request_is_the_case()
    {
        var name = RequestId.NameOf((await fixture.Transmitted(fixture.Appoint())).Id);
        var (liaison, investigator) = (fixture.Appoint("PL", "liaison", "liaison"), fixture.Appoint("PL", "investigator", "border"));

        await Read(liaison, name, Purpose.Recognition);
        (await Refused(investigator, name, Purpose.Recognition)).ShouldBe(["purpose"]);
        using var desk = fixture.AtHisDesk(liaison);
        await desk.Take(name, act => act.Assign = new() { Authority = "general-prosecutor", Unit = "border" });

        await Read(investigator, name, Purpose.Execution);
        (await Refused(liaison, name, Purpose.Execution)).ShouldBe(["purpose"]);
        (await Refused(investigator, name, Purpose.Execution, "whatever")).ShouldBe(["case_number"]);
        (await Refused(investigator, name, Purpose.Investigation)).ShouldBe(["case_number"]);
    }

    [Fact]
    public async Task Anything_else_takes_a_case_that_the_reader_works_on_and_another_person_opened()
    {
        var name = RequestId.NameOf((await fixture.Transmitted(fixture.Appoint())).Id);
        var reader = fixture.Appoint("PL", "investigator", "border");
        var (colleague, other) = (fixture.Appoint("PL", "investigator", "border"), fixture.Appoint("PL", "prosecutor", "customs"));
        await Keep(colleague, "PL-II-7", restricted: false);
        await Keep(other, "PL-II-8", restricted: true);
        await Keep(other, "PL-II-9", restricted: false);
        // Made up by the reader, and changed by another since: that nobody else had opened it stays so.
        var own = await Keep(reader, "PL-II-10", restricted: false);
        await Keep(colleague, "PL-II-10", restricted: false, own.Etag);

        await Read(reader, name, Purpose.Investigation, "pl \u2013 ii \u2013 7");
        await Read(colleague, name, Purpose.Supervision, "PL-II-10");

        var refusals = new List<string>();
        foreach (var caseNumber in new[] { "", "whatever", "PL-II-8", "PL-II-9", "PL-II-10" })
            refusals.Add((await RefusedCall.Of(() => Read(reader, name, Purpose.Investigation, caseNumber))).Message);
        refusals.Distinct().ShouldHaveSingleItem().ShouldContain("have a colleague or the prosecutor open it");
    }

    [Fact]
    public async Task A_case_opens_nothing_to_who_is_not_entrusted_with_recognition_and_execution()
    {
        var name = RequestId.NameOf((await fixture.Transmitted(fixture.Appoint())).Id);
        var (reader, colleague) = (fixture.Appoint("PL", "investigator", "border"), fixture.Appoint("PL", "investigator", "border"));
        await Keep(colleague, "PL-II-11", restricted: false);

        foreach (var purpose in new[] { Purpose.Recognition, Purpose.Execution })
            (await Refused(reader, name, purpose, "PL-II-11")).ShouldBe(["case_number"]);
    }

    [Fact]
    public async Task A_prosecutor_reads_for_no_case_of_his_own_making_either()
    {
        var name = RequestId.NameOf((await fixture.Transmitted(fixture.Appoint())).Id);
        var (prosecutor, second) = (fixture.Appoint("PL"), fixture.Appoint("PL"));
        await Keep(prosecutor, "PL-II-12", restricted: true);

        (await Refused(prosecutor, name, Purpose.Supervision, "PL-II-12")).ShouldBe(["case_number"]);
        await Read(second, name, Purpose.Supervision, "PL-II-12");

        // What the reading was for is not told to a colleague to whom the case is closed.
        (await Reading(fixture.Appoint("PL", unit: "customs"))).ShouldBe((second.ToString(), "", false));
        (await Reading(prosecutor)).ShouldBe((second.ToString(), "PL-II-12", true));

        async Task<(string Officer, string CaseNumber, bool SaysWhy)> Reading(Caller caller)
        {
            var reading = (await fixture.Registry(caller).ListReadingsAsync(new() { Name = name })).Readings.ShouldHaveSingleItem();
            return (reading.Officer, reading.CaseNumber, reading.Justification.Length > 0);
        }
    }

    [Fact]
    public async Task The_owner_is_told_the_state_the_day_and_the_purpose_and_the_readers_own_side_the_rest()
    {
        var (prosecutor, investigator) = (fixture.Appoint(), fixture.Appoint(role: "investigator"));
        var name = RequestId.NameOf((await fixture.Transmitted(prosecutor, caseNumber: "case-readings")).Id);
        var liaison = fixture.Appoint("PL", "liaison", "liaison");
        await Read(liaison, name, Purpose.Recognition);
        await Read(investigator, name, Purpose.Investigation, "Case-Readings");

        var ours = (await fixture.Registry(prosecutor).ListReadingsAsync(new() { Name = name })).Readings;
        var theirs = (await fixture.Registry(liaison).ListReadingsAsync(new() { Name = name })).Readings;

        ours.Select(Told).ShouldBe(
        [
            ("PL", Purpose.Recognition, "", "", ""),
            ("BY", Purpose.Investigation, investigator.ToString(), "Case-Readings", "to be sure"),
        ]);
        theirs.Select(Told).ShouldBe([("PL", Purpose.Recognition, liaison.ToString(), "", "to be sure")]);
        ours.ShouldAllBe(reading => reading.ReadOn.Length == 10);
        (await RefusedCall.Of(async () => await fixture.Registry(investigator).ListReadingsAsync(new() { Name = name })))
            .Code.ShouldBe(StatusCode.PermissionDenied);

        static (string State, Purpose Purpose, string Officer, string Case, string Why) Told(Reading reading) =>
            (reading.State, reading.Purpose, reading.Officer, reading.CaseNumber, reading.Justification);
    }

    async Task Read(Caller officer, string name, Purpose purpose, string caseNumber = "") =>
        await fixture.Registry(officer).ReadSubjectsAsync(
            new() { Names = { name }, Purpose = purpose, CaseNumber = caseNumber, Justification = "to be sure" });

    async Task<IEnumerable<string>> Refused(Caller officer, string name, Purpose purpose, string caseNumber = "") =>
        (await RefusedCall.Of(() => Read(officer, name, purpose, caseNumber))).Fields;

    async Task<CriminalCase> Keep(Caller officer, string number, bool restricted, string etag = "") =>
        await fixture.Cases(officer).KeepCaseAsync(new()
        {
            CommandId = Officer.NewId(),
            Case = new() { Number = number, Lead = $"{officer.Authority}/{officer.Unit}", Restricted = restricted, Etag = etag },
        });
}
