using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.Requests.Tests;

public sealed class AskingWhatIsNew(InboxFixture fixture) : IClassFixture<InboxFixture>
{
    [Fact]
    public async Task Tells_colleagues_of_the_draft_and_the_other_state_of_the_letter_and_nobody_of_his_own_doing()
    {
        var (author, colleague, partner) = (fixture.Appoint(role: "investigator"), fixture.Appoint(), fixture.Appoint("PL", "liaison"));
        var after = await fixture.Settled();
        var draft = await fixture.Take(await fixture.Draft(author), StepCode.Submit, author, Status.Submitted);
        var sent = await fixture.Take(draft, StepCode.Transmit, colleague);
        await fixture.Take(sent, StepCode.Acknowledge, partner, Status.Acknowledged);
        var head = await fixture.Settled();

        (await Steps(author, after)).ShouldBe([StepCode.Acknowledge]);
        (await Steps(colleague, after)).ShouldBe([StepCode.Submit, StepCode.Acknowledge]);
        (await Steps(partner, after)).ShouldBe([StepCode.Transmit]);
        var news = await fixture.As(partner, 1).ListInboxAsync(new() { AfterSealedNo = after });
        news.SealedNo.ShouldBe(head);
        news.More.ShouldBeFalse();
        var item = news.Items.ShouldHaveSingleItem();
        item.RecordedAt.Seconds.ShouldBe(sent.Facts.RecordedAt.Seconds);
        item.ShouldBe(new InboxItem
        {
            SealedNo = head - 1, Request = RequestId.NameOf(sent.Id), Version = 3, Reference = sent.Facts.Reference,
            RequestingState = "BY", RequestedState = "PL", Step = StepCode.Transmit, Status = Status.Transmitted,
            Side = Side.RequestingSide,
            OccurredOn = "2026-03-02", RecordedAt = item.RecordedAt, Urgency = Urgency.Urgent,
        });
    }

    [Fact]
    public async Task Tells_at_once_of_a_step_taken_on_the_service_itself()
    {
        var (author, colleague) = (fixture.Appoint(role: "investigator"), fixture.Appoint());
        var registry = fixture.Registry(author);
        var draft = (await registry.CreateDraftAsync(new()
        {
            CommandId = $"{Guid.CreateVersion7()}", Letter = new() { CaseNumber = "BY-GP-9", RequestedState = "PL" },
        })).Request;
        using var watch = fixture.As(colleague).WatchInbox(new() { AfterSealedNo = -1, Mine = true });
        (await watch.ResponseStream.MoveNext(default)).ShouldBeTrue();

        await registry.TakeStepAsync(new()
        {
            Act = new()
            {
                Request = draft.Name, Etag = draft.Etag, CommandId = $"{Guid.CreateVersion7()}",
                Assign = new() { Authority = colleague.Authority, Unit = colleague.Unit, Officer = colleague.OfficerNumber },
            },
        });
        do
            (await watch.ResponseStream.MoveNext(default)).ShouldBeTrue();
        while (watch.ResponseStream.Current.Item is null);
        var item = watch.ResponseStream.Current.Item;
        (item.Request, item.Step, item.Status, item.Reference).ShouldBe((draft.Name, StepCode.Assign, Status.Draft, draft.Facts.Reference));
    }

    [Fact]
    public async Task Tells_of_steps_that_officers_take_on_the_service_itself_from_draft_to_receipt()
    {
        var (author, approver, partner) = (fixture.Appoint(role: "investigator"), fixture.Appoint(), fixture.Appoint("PL", "liaison"));
        var after = await fixture.Settled();
        using Officer investigator = fixture.AtHisDesk(author), prosecutor = fixture.AtHisDesk(approver),
        liaison = fixture.AtHisDesk(partner);
        var name = (await investigator.Draft(Letters.Complete("UNTOC-2000"))).Name;
        await investigator.Take(name, act => act.Submit = new());
        await prosecutor.Approve(name);
        await prosecutor.Transmit(name);
        await liaison.Take(name, act => act.Acknowledge = new());
        await fixture.Settled();

        (await Steps(author, after)).ShouldBe([StepCode.Approve, StepCode.Acknowledge]);
        (await Steps(approver, after)).ShouldBe([StepCode.Submit, StepCode.Acknowledge]);
        (await Steps(partner, after)).ShouldBe([StepCode.Transmit]);
    }

    [Fact]
    public async Task Tells_which_rung_was_taken()
    {
        var (author, partner) = (fixture.Appoint(), fixture.Appoint("PL", "liaison"));
        var after = await fixture.Settled();
        await fixture.Remind(await fixture.Transmitted(author), author, Rung.SecondReminder, "2026-09-01");
        await fixture.Settled();

        var item = (await fixture.As(partner).ListInboxAsync(new() { AfterSealedNo = after })).Items[^1];
        (item.Step, item.Rung, item.OccurredOn).ShouldBe((StepCode.Remind, Rung.SecondReminder, "2026-09-01"));
    }

    [Fact]
    public async Task Lists_what_is_the_callers_own_to_see_to()
    {
        var (author, named, unit, other) =
            (fixture.Appoint(), fixture.Appoint(), fixture.Appoint(unit: "extradition"), fixture.Appoint(unit: "archive"));
        var after = await fixture.Settled();
        var mine = await fixture.Transmitted(author);
        await fixture.Transmitted(author);
        var toOfficer = await fixture.Take(mine, StepCode.Assign, author, assign: To(named.Unit, named.OfficerNumber));
        await fixture.Take(toOfficer, StepCode.Acknowledge, fixture.Appoint("PL", "liaison"), Status.Acknowledged);
        await fixture.Take(await fixture.Transmitted(author), StepCode.Assign, author, assign: To("extradition", ""));
        await fixture.Settled();

        (await Steps(named, after, mine: true)).ShouldBe([StepCode.Assign, StepCode.Acknowledge]);
        (await Steps(unit, after, mine: true)).ShouldBe([StepCode.Assign]);
        (await Steps(other, after, mine: true)).ShouldBeEmpty();
        (await Steps(other, after)).ShouldBe([StepCode.Assign, StepCode.Acknowledge, StepCode.Assign]);

        static Assignment To(string unit, string officer) =>
            new() { Side = Side.RequestingSide, Authority = "general-prosecutor", Unit = unit, Officer = officer };
    }

    [Fact]
    public async Task Of_a_restricted_case_only_those_admitted_hear()
    {
        var (author, admitted, kept, partner) =
            (fixture.Appoint(), fixture.Appoint(unit: "trafficking"), fixture.Appoint(unit: "archive"), fixture.Appoint("PL", "liaison"));
        await fixture.Database.Execute(
            """
            INSERT INTO cases (id, version, head_hash, mac, state, number_index, restricted, admitted, opened_by, body)
            VALUES ($1, 1, '', '', 'BY', $2, true, $3, '', '')
            """,
            [
                Guid.CreateVersion7(), fixture.Index.OfCase("CASE-SECRET"),
                fixture.Index.OfAssignee("BY", "general-prosecutor/trafficking"),
            ], default);
        var after = await fixture.Settled();
        await fixture.Take(await fixture.Transmitted(author, caseNumber: "case-secret"), StepCode.Acknowledge, partner,
            Status.Acknowledged);
        await fixture.Settled();

        (await Steps(admitted, after)).ShouldBe([StepCode.Acknowledge]);
        (await Steps(kept, after)).ShouldBeEmpty();
        (await Steps(partner, after)).ShouldBe([StepCode.Transmit]);
    }

    [Fact]
    public async Task Goes_on_where_a_page_ended_and_says_what_to_mark()
    {
        var (author, partner) = (fixture.Appoint(), fixture.Appoint("PL", "liaison"));
        var after = await fixture.Settled();
        List<RequestState> sent = [];
        for (var i = 0; i < 5; i++)
            sent.Add(await fixture.Transmitted(author));
        var head = await fixture.Settled();

        List<long> heard = [];
        var next = after;
        for (var more = true; more;)
        {
            var page = await fixture.As(partner, heard.Count % 2).ListInboxAsync(new() { AfterSealedNo = next, PageSize = 2 });
            page.Items.Count.ShouldBeLessThanOrEqualTo(2);
            heard.AddRange(page.Items.Select(item => item.SealedNo));
            page.SealedNo.ShouldBe(page.More ? page.Items[^1].SealedNo : head);
            (next, more) = (page.SealedNo, page.More);
        }
        heard.ShouldBe((await fixture.Sealed(sent)).Select(s => s.SealedNo));
    }

    [Fact]
    public async Task Marks_never_go_back_and_are_each_officers_own()
    {
        var (author, partner, second) = (fixture.Appoint(), fixture.Appoint("PL", "liaison"), fixture.Appoint("PL", "liaison"));
        await fixture.Transmitted(author);
        var seen = await fixture.Settled();
        (await fixture.As(partner).MarkInboxAsync(new() { SealedNo = seen })).SealedNo.ShouldBe(seen);
        (await fixture.As(partner, 1).MarkInboxAsync(new() { SealedNo = seen - 1 })).SealedNo.ShouldBe(seen);
        (await fixture.As(partner).ListInboxAsync(new())).Items.ShouldBeEmpty();
        (await fixture.As(second).ListInboxAsync(new())).Items.ShouldNotBeEmpty();

        var sent = await fixture.Transmitted(author);
        await fixture.Settled();
        (await fixture.As(partner, 1).ListInboxAsync(new())).Items.ShouldHaveSingleItem().Request.ShouldBe(RequestId.NameOf(sent.Id));
        (await fixture.As(partner).ListInboxAsync(new() { AfterSealedNo = -1 })).Items.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_number_ahead_of_the_journal_is_refused_and_every_fault_is_named()
    {
        var officer = fixture.Appoint();
        var ahead = await fixture.Settled() + 1_000_000;
        (await Refused(async () => await fixture.As(officer).ListInboxAsync(new() { AfterSealedNo = ahead, PageSize = 1_001 })))
            .ShouldSatisfyAllConditions(d => d.ShouldContain("after_sealed_no"), d => d.ShouldContain("page_size"));
        (await Refused(async () => await fixture.As(officer).ListInboxAsync(new() { AfterSealedNo = -2 })))
            .ShouldContain("after_sealed_no");
        (await Refused(async () => await fixture.As(officer).MarkInboxAsync(new() { SealedNo = ahead }))).ShouldContain("sealed_no");
        (await Refused(async () => await fixture.As(officer).MarkInboxAsync(new() { SealedNo = -1 }))).ShouldContain("sealed_no");
        foreach (var number in new[] { ahead, -2 })
        {
            using var call = fixture.As(officer).WatchInbox(new() { AfterSealedNo = number });
            (await Refused(() => call.ResponseStream.MoveNext(default))).ShouldContain("after_sealed_no");
        }

        static async Task<string> Refused(Func<Task> call)
        {
            var refusal = await Should.ThrowAsync<RpcException>(call);
            refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
            return refusal.Status.Detail;
        }
    }

    [Fact]
    public async Task An_operator_has_no_inbox() =>
        (await Should.ThrowAsync<RpcException>(async () => await fixture.As(fixture.Appoint(role: "operator")).ListInboxAsync(new())))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);

    [Fact]
    public async Task A_register_enters_nobodys_inbox_until_an_officer_adopts_and_acts()
    {
        var (officer, partner) = (fixture.Appoint(), fixture.Appoint("PL", "liaison"));
        var after = await fixture.Settled();
        await Import("2008-12-31");
        await Import("2009-01-31");
        var head = await fixture.Settled();
        head.ShouldBe(after + 6);
        var answer = await fixture.As(officer).ListInboxAsync(new() { AfterSealedNo = after });
        answer.Items.ShouldBeEmpty();
        answer.SealedNo.ShouldBe(head);
        (await Steps(partner, after)).ShouldBeEmpty();

        var known = (await fixture.Store.Find("BY-2005-000002", null, default)).ShouldNotBeNull();
        var adopted = await fixture.Take(known, StepCode.Adopt, officer, facts: facts => facts.Adopted = true);
        await fixture.Take(adopted, StepCode.ChangeChannel, officer,
            facts: facts => (facts.Channel, facts.Given) = (Channel.OnExchange, true));
        await fixture.Settled();
        (await Steps(partner, after)).ShouldBe([StepCode.ChangeChannel]);
    }

    async Task Import(string observedUntil)
    {
        var rows = RegisterStream.Of(observedUntil, [RegisterText.Row, Other(2), Other(3)], null);
        using var call = fixture.Registry(fixture.Appoint()).ImportRegister();
        while (await rows.MoveNext(default))
            await call.RequestStream.WriteAsync(rows.Current);
        await call.RequestStream.CompleteAsync();
        await foreach (var _ in call.ResponseStream.ReadAllAsync())
        {
        }

        static string Other(int number) => RegisterText.With($"reference=BY-2005-00000{number}", "outcome=", "responded_on=");
    }

    async Task<List<StepCode>> Steps(Caller officer, long after, bool mine = false) =>
        [.. (await fixture.As(officer).ListInboxAsync(new() { AfterSealedNo = after, Mine = mine })).Items.Select(item => item.Step)];
}
