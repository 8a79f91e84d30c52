using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking.Tests;

/// <summary>
/// A restricted case is left out of every list and total of those it does not admit, and counted in every figure; what was not given to a
/// state is in none of its lists and figures.
/// </summary>
public sealed class WhatIsClosedOrNotGiven(RunningTracking tracking) : IClassFixture<RunningTracking>
{
    [Fact]
    public async Task Closed_requests_are_in_figures_and_in_no_list()
    {
        var (open, closed) = (tracking.Sent("BY-2026-001001", "AT", dueDaysAgo: 2), tracking.Sent("BY-2026-001002", "AT", dueDaysAgo: 2));
        await tracking.Apply(open, closed);
        tracking.Close("prosecutor-2", closed);
        var (inside, outside) = (tracking.Figuring("prosecutor"), tracking.Figuring("prosecutor-2"));
        var unanswered = new ListUnansweredRequest { Filter = new() { Partners = { "AT" } } };
        var figures = new GetTurnaroundRequest { Filter = new() { Partners = { "AT" } } };

        await Eventually.Holds(async () => (await inside.ListUnansweredAsync(unanswered)).TotalSize.ShouldBe(2));
        var list = await outside.ListUnansweredAsync(unanswered);
        list.Requests.Select(request => request.Request).ShouldBe([open.Request]);
        (list.TotalSize, list.NextPageToken).ShouldBe((1, ""));
        unanswered.KnownBy = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(tracking.Clock.GetUtcNow());
        (await outside.ListUnansweredAsync(unanswered)).TotalSize.ShouldBe(1);
        foreach (var officer in new[] { inside, outside })
        {
            var answer = await officer.GetTurnaroundAsync(figures);
            answer.Rows.Single(row => row.Group == "ALL").Counts.UnansweredOverdue.ShouldBe(2);
            answer.Definitions.Single(definition => definition.Term == "requests").Meaning.ShouldContain("restricted cases");
        }
    }

    [Fact]
    public async Task Flags_and_rungs_of_closed_requests_are_told_to_the_admitted_only()
    {
        var (open, closed) = (tracking.Sent("BY-2026-001101", "HU", dueDaysAgo: 3), tracking.Sent("BY-2026-001102", "HU", dueDaysAgo: 3));
        tracking.Close("prosecutor-2", closed);
        await tracking.Apply(open, closed);
        var (inside, outside) = (tracking.As("prosecutor"), tracking.As("prosecutor-2"));

        (await Flags(inside)).ShouldBe([closed.Request, open.Request], ignoreOrder: true);
        (await Flags(outside)).ShouldBe([open.Request]);
        (await Watched("prosecutor")).ShouldContain(closed.Request);
        (await Watched("prosecutor-2")).ShouldNotContain(closed.Request);
        var due = (await inside.ListDueRungsAsync(new() { Partners = { "HU" } })).Rungs.Single();
        var shown = (await outside.ListDueRungsAsync(new() { Partners = { "HU" } })).Rungs.Single();
        shown.Requests.Select(request => request.Request).ShouldBe([open.Request]);
        shown.Letter.ShouldNotContain(closed.Reference);

        var refused = await Should.ThrowAsync<RpcException>(async () =>
            await outside.TakeRungAsync(tracking.Signed(Taking(due), "prosecutor-2")));
        refused.Status.Detail.ShouldContain("is not a request of your state that is overdue with this partner.");
        await inside.TakeRungAsync(tracking.Signed(Taking(due), "prosecutor"));
        (await inside.ListTakenRungsAsync(new() { Partners = { "HU" } })).Rungs.ShouldHaveSingleItem();
        (await outside.ListTakenRungsAsync(new() { Partners = { "HU" } })).Rungs.ShouldBeEmpty();

        async Task<List<string>> Flags(Escalation.EscalationClient officer) =>
            [.. (await officer.ListFlagsAsync(new() { Partners = { "HU" } })).Flags.Select(flag => flag.Request)];
    }

    [Fact]
    public async Task What_was_not_given_is_in_no_list_and_no_figure_of_the_requested_state()
    {
        var (given, byPost) = (tracking.Sent("BY-2026-001201", "PL", dueDaysAgo: 4), tracking.Sent("BY-2026-001202", "PL", dueDaysAgo: 4));
        var observed = tracking.Sent("BY-2026-001203", "PL", dueDaysAgo: 4);
        given.ToldVersion = 1;
        (observed.Origin, observed.RegisterOf, observed.ObservedUntil) = (Origin.Imported, Side.RequestingSide, given.TimeLimits[0].DueOn);
        await tracking.Apply(given, byPost, observed);
        var incoming = new ListUnansweredRequest { Direction = Direction.Incoming };
        var (ours, theirs) = (tracking.Figuring("prosecutor"), tracking.Figuring("liaison-pl"));

        await Eventually.Holds(async () =>
            (await ours.ListUnansweredAsync(new() { Filter = new() { Partners = { "PL" } } })).TotalSize.ShouldBe(3));
        (await theirs.ListUnansweredAsync(incoming)).Requests.Select(request => request.Reference).ShouldBe([given.Reference]);
        (await theirs.GetTurnaroundAsync(new() { Direction = Direction.Incoming })).Rows.Single(row => row.Group == "ALL")
            .Counts.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_register_of_what_a_state_received_is_that_states_own()
    {
        var received = tracking.Sent("LT-2026-000001", "BY", dueDaysAgo: 5);
        (received.RequestingState, received.Origin, received.RegisterOf) = ("LT", Origin.Imported, Side.RequestedSide);
        received.ObservedUntil = received.TimeLimits[0].DueOn;
        await tracking.Apply(received);

        await Eventually.Holds(async () => (await tracking.Figuring("prosecutor").GetTurnaroundAsync(
            new() { Direction = Direction.Incoming, Filter = new() { Partners = { "LT" } } })).Rows.Single(row => row.Group == "ALL")
            .Counts.Requests.ShouldBe(1));
        (await tracking.Database.Query(
            "SELECT count(*) FROM flags WHERE request_id = $1", [received.Id()], row => row.GetInt64(0), default)).ShouldBe([0]);
    }

    [Fact]
    public async Task Figures_say_how_often_one_officer_sent_alone_and_what_became_of_it()
    {
        LoneTransmission?[] lone = [null, new(), new() { ConfirmedOn = "2026-03-04" }, new() { ConfirmedOn = "2026-03-05" },
            new() { LapsedOn = "2026-03-04" }];
        await tracking.Apply([.. lone.Select((alone, i) =>
        {
            var facts = tracking.Sent($"BY-2026-00140{i}", "SK");
            facts.TransmittedAlone = alone;
            return facts;
        })]);

        await Eventually.Holds(async () => (await tracking.Figuring("prosecutor").GetTurnaroundAsync(
            new() { Filter = new() { Partners = { "SK" } } })).Rows.Where(row => row.Group is "ALL" or "SK")
            .Select(row => (row.Counts.Requests, row.Counts.TransmittedAlone, row.Counts.AloneConfirmed, row.Counts.AloneLapsed))
            .ShouldBe([(5, 4, 2, 1), (5, 4, 2, 1)]));
    }

    async Task<List<string>> Watched(string persona)
    {
        List<string> requests = [];
        using var watch = tracking.As(persona).WatchFlags(new());
        await foreach (var told in watch.ResponseStream.ReadAllAsync())
            if (told.Change is { } change)
                requests.Add(change.Request);
        return requests;
    }

    static TakeRungRequest Taking(DueRung due) => new()
    {
        Partner = due.Partner, Rung = due.Rung, Letter = due.Letter, CommandId = Guid.CreateVersion7().ToString(),
        Requests = { due.Requests.Select(request => request.Request) },
    };
}
