using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;

namespace Exchange.Requests.Tests;

/// <summary>Cases over the wire: opened, changed, restricted, and what a restriction hides.</summary>
public sealed class KeepingCases(InboxFixture fixture) : IClassFixture<InboxFixture>
{
    const string Lead = "general-prosecutor/international";

    [Fact]
    public async Task Opened_once_changed_by_etag_and_the_slower_one_is_told()
    {
        var cases = fixture.Cases(fixture.Appoint());
        var opening = Keep("case-etag");
        var opened = await cases.KeepCaseAsync(opening);
        (await cases.KeepCaseAsync(opening)).ShouldBe(opened);
        var change = Keep("case-etag", asked => (asked.Etag, asked.Lead) = (opened.Etag, "general-prosecutor/terror"));

        var changed = await cases.KeepCaseAsync(change);

        (changed.Name, changed.Lead).ShouldBe((opened.Name, "general-prosecutor/terror"));
        changed.Etag.ShouldNotBe(opened.Etag);
        (await RefusedCall.Of(async () => await cases.KeepCaseAsync(Keep("case-etag", asked => asked.Etag = opened.Etag))))
            .ShouldSatisfyAllConditions(r => r.Code.ShouldBe(StatusCode.Aborted), r => r.Reason.ShouldBe("CHANGED_MEANWHILE"));
        var reused = Keep("case-etag-2");
        reused.CommandId = change.CommandId;
        (await RefusedCall.Of(async () => await cases.KeepCaseAsync(reused))).Fields.ShouldBe(["command_id"]);
    }

    [Fact]
    public async Task Sent_many_times_at_once_it_leaves_one_case_and_one_key()
    {
        var officer = fixture.Appoint();
        var cases = fixture.Cases(officer);
        for (var round = 0; round < 5; round++)
        {
            var before = await fixture.CountKeys();
            // The same command eight times, and eight others for the same number.
            var same = Keep($"case-at-once-{round}");
            var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(async n =>
            {
                try
                {
                    return (await cases.KeepCaseAsync(n < 8 ? same : Keep(same.Case.Number))).Name;
                }
                catch (RpcException refused)
                {
                    refused.StatusCode.ShouldBe(StatusCode.Aborted);
                    return "";
                }
            }));

            all.Where(name => name.Length > 0).Distinct().ShouldHaveSingleItem();
            ((await fixture.CountKeys()) - before).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Nothing_more_is_kept_of_a_case_whose_data_were_erased()
    {
        var cases = fixture.Cases(fixture.Appoint());
        var opened = await cases.KeepCaseAsync(Keep("case-erased"));
        await fixture.DestroyKey(Guid.Parse(opened.Name.Split('/')[1]));
        var before = await fixture.CountKeys();

        (await RefusedCall.Of(async () => await cases.KeepCaseAsync(Keep("case-erased", asked => asked.Etag = opened.Etag))))
            .Reason.ShouldBe("CASE_ERASED");

        (await fixture.CountKeys()).ShouldBe(before);
    }

    [Fact]
    public async Task Every_fault_is_named_at_once()
    {
        var faulty = Keep("", asked =>
        {
            (asked.Lead, asked.Restricted) = ("nobody", true);
            asked.Participants.Add("no unit");
            asked.Officers.Add("a/b");
        });
        faulty.CommandId = "x";

        (await RefusedCall.Of(async () => await fixture.Cases(fixture.Appoint()).KeepCaseAsync(faulty))).Fields
            .ShouldBe(["command_id", "case.number", "case.lead", "case.participants[0]", "case.officers[0]", "case.restricted"],
                ignoreOrder: true);
    }

    [Fact]
    public async Task Another_units_investigator_changes_nothing()
    {
        var opened = await fixture.Cases(fixture.Appoint()).KeepCaseAsync(Keep("case-whose"));
        var other = fixture.Cases(fixture.Appoint(role: "investigator", unit: "customs"));
        var taking = Keep("case-whose", asked => (asked.Etag, asked.Lead) = (opened.Etag, "general-prosecutor/customs"));

        (await RefusedCall.Of(async () => await other.KeepCaseAsync(taking))).Reason.ShouldBe("NOT_YOUR_CASE");
    }

    [Fact]
    public async Task A_restricted_case_hides_its_requests_from_other_units_and_not_from_the_partner()
    {
        var (inside, outside, partner) = (fixture.Appoint(), fixture.Appoint(unit: "customs"), fixture.Appoint("PL", "liaison", "liaison"));
        var sent = RequestId.NameOf((await fixture.Transmitted(inside, caseNumber: "case-shut")).Id);
        (await fixture.Registry(outside).GetRequestAsync(new() { Name = sent })).Name.ShouldBe(sent);
        await fixture.Cases(inside).KeepCaseAsync(Keep("case-shut", asked => asked.Restricted = true));
        var (registry, act) =
            (fixture.Registry(outside), new Act { Request = sent, Etag = "\"2\"", CommandId = Officer.NewId(), Adopt = new() });

        foreach (var call in new Func<Task>[]
                 {
                     async () => await registry.GetRequestAsync(new() { Name = sent }), async () =>
                         await registry.GetLetterAsync(new() { Name = sent }),
                     async () => await registry.GetHistoryAsync(new() { Name = sent }), async () =>
                         await registry.TakeStepAsync(new() { Act = act }),
                     async () => await registry.ReadSubjectsAsync(
                         new() { Names = { sent }, Purpose = Purpose.Investigation, CaseNumber = "case-shut", Justification = "hearing" }),
                     async () => await fixture.Documents(outside).ListDocumentsAsync(new() { Request = sent }),
                 })
            (await RefusedCall.Of(call)).Code.ShouldBe(StatusCode.NotFound);
        (await registry.ListRequestsAsync(new() { CaseNumber = "case-shut" })).Requests.ShouldBeEmpty();
        (await RefusedCall.Of(async () => await fixture.Cases(outside).GetCaseAsync(new() { Number = "case-shut" })))
            .Reason.ShouldBe("CASE_NOT_FOUND");
        (await fixture.Cases(inside).GetCaseAsync(new() { Number = "case-shut" })).Requests.Single().Request.ShouldBe(sent);
        (await fixture.Registry(partner).GetRequestAsync(new() { Name = sent })).Name.ShouldBe(sent);
    }

    [Fact]
    public async Task A_command_sent_again_shows_nothing_to_who_was_shut_out_since()
    {
        var (inside, outside) = (fixture.Appoint(), fixture.Appoint(unit: "customs"));
        var joint = Keep("case-again", asked => asked.Participants.Add("general-prosecutor/customs"));
        var opened = await fixture.Cases(outside).KeepCaseAsync(joint);
        (await fixture.Cases(outside).KeepCaseAsync(joint)).Etag.ShouldBe(opened.Etag);
        await fixture.Cases(inside).KeepCaseAsync(Keep("case-again", asked => (asked.Etag, asked.Restricted) = (opened.Etag, true)));

        (await RefusedCall.Of(async () => await fixture.Cases(outside).KeepCaseAsync(joint))).Reason.ShouldBe("CASE_NOT_FOUND");
    }

    [Fact]
    public async Task A_case_only_named_by_requests_is_shown_and_not_kept()
    {
        var officer = fixture.Appoint();
        var draft = await fixture.Draft(officer, caseNumber: "case-named");

        var shown = await fixture.Cases(officer).GetCaseAsync(new() { Number = "case-named" });

        (shown.Name, shown.Etag, shown.Number).ShouldBe(("", "", "case-named"));
        shown.Requests.Single().Request.ShouldBe(RequestId.NameOf(draft.Id));
    }

    [Fact]
    public async Task Lists_page_by_number_without_what_is_shut()
    {
        var (inside, outside) = (fixture.Cases(fixture.Appoint("PL")), fixture.Cases(fixture.Appoint("PL", unit: "customs")));
        foreach (var number in new[] { "l-3", "l-1", "l-2" })
            await inside.KeepCaseAsync(Keep(number, asked => asked.Restricted = number == "l-2"));

        var first = await inside.ListCasesAsync(new() { PageSize = 2 });
        var second = await inside.ListCasesAsync(new() { PageSize = 2, PageToken = first.NextPageToken });

        first.Cases.Concat(second.Cases).Select(kept => kept.Number).ShouldBe(["l-1", "l-2", "l-3"]);
        second.NextPageToken.ShouldBeEmpty();
        (await outside.ListCasesAsync(new())).Cases.Select(kept => kept.Number).ShouldBe(["l-1", "l-3"]);
    }

    static KeepCaseRequest Keep(string number, Action<CriminalCase>? with = null)
    {
        var asked = new CriminalCase { Number = number, Lead = Lead };
        with?.Invoke(asked);
        return new() { Case = asked, CommandId = Officer.NewId() };
    }
}
