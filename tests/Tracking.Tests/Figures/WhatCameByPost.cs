using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Tracking.Tests;

/// <summary>
/// The requesting side changed the channel to post, and all that happened since is for its own side. The other side's lists, totals,
/// figures, flags and letters are those of a request that stands still as it was last told of it.
/// </summary>
public sealed class WhatCameByPost(RunningTracking tracking) : IClassFixture<RunningTracking>
{
    [Theory]
    [InlineData("BY-2026-002001", new[] { 1, 2, 3 })]
    [InlineData("BY-2026-002002", new[] { 1, 3, 2 })]
    [InlineData("BY-2026-002003", new[] { 3, 2, 1 })]
    public async Task Is_in_no_list_and_no_figure_of_the_requested_state(string reference, int[] order)
    {
        var versions = Life(reference);
        foreach (var version in order)
            await tracking.Apply(versions[version - 1]);
        var (ours, theirs) = (tracking.Figuring("prosecutor"), tracking.Figuring("liaison-pl"));
        var day = versions[0].TransmittedOn;
        var filter = new Filter { TransmittedFrom = day, TransmittedTo = day };

        foreach (var knownBy in new[] { null, Timestamp.FromDateTimeOffset(tracking.Clock.GetUtcNow()) })
        {
            (await ours.ListUnansweredAsync(new() { Filter = filter, KnownBy = knownBy })).TotalSize.ShouldBe(0);
            await Counted(ours, Direction.Outgoing, knownBy, unanswered: 0, alone: 1);

            var shown = await theirs.ListUnansweredAsync(
                new() { Direction = Direction.Incoming, Filter = filter, KnownBy = knownBy });
            shown.TotalSize.ShouldBe(1);
            shown.Requests.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                request => request.Reference.ShouldBe(reference), request => request.DueOn.ShouldBe(versions[1].TimeLimits[0].DueOn),
                // It would have none if the answer by post, which came in time, were known.
                request => request.FlagRaisedAt.ShouldNotBeNull(), request => request.FlagOrigin.ShouldBe(Origin.OnTheExchange));
            await Counted(theirs, Direction.Incoming, knownBy, unanswered: 1, alone: 0);
        }

        // It joins the exchange again, and is told all.
        await tracking.Apply(tracking.Next(versions[2], facts => facts.ToldVersion = facts.Version));
        (await theirs.ListUnansweredAsync(new() { Direction = Direction.Incoming, Filter = filter })).TotalSize.ShouldBe(0);
        await Counted(theirs, Direction.Incoming, null, unanswered: 0, alone: 1);

        async Task Counted(
            ResponseTracking.ResponseTrackingClient officer, Direction direction, Timestamp? knownBy, int unanswered, int alone) =>
            (await officer.GetTurnaroundAsync(new() { Direction = direction, Filter = filter, KnownBy = knownBy }))
                .Rows.Single(row => row.Group == "ALL").Counts.ShouldSatisfyAllConditions(
                    counts => counts.Requests.ShouldBe(1), counts => counts.UnansweredOverdue.ShouldBe(unanswered),
                    counts => counts.TransmittedAlone.ShouldBe(alone));
    }

    [Fact]
    public async Task Letters_against_silence_are_read_where_they_came_on_the_exchange()
    {
        var sent = tracking.Sent("BY-2026-002101", "PL", dueDaysAgo: 40);
        sent.ToldVersion = 1;
        await tracking.Apply(sent);
        var onExchange = await Take(Rung.Reminder);
        await tracking.Apply(sent = tracking.Next(sent, facts =>
        {
            facts.Reminders.Add(new Reminder { Rung = Rung.Reminder, RemindedOn = tracking.Today.ToIso() });
            facts.ToldVersion = facts.Version;
        }));
        await tracking.Apply(sent = tracking.Next(sent, facts =>
            (facts.Channel, facts.ToldVersion) = (Channel.OffExchange, facts.Version)));
        tracking.Pass(31);
        var byPost = await Take(Rung.SecondReminder);

        (await Read("liaison-pl")).ShouldBe([onExchange]);
        await tracking.Apply(sent = tracking.Next(sent, facts =>
            facts.Reminders.Add(new Reminder { Rung = Rung.SecondReminder, RemindedOn = tracking.Today.ToIso() })));
        (await Read("liaison-pl")).ShouldBe([onExchange]);
        (await Read("prosecutor")).ShouldBe([byPost, onExchange]);

        async Task<string> Take(Rung rung) => (await tracking.As("prosecutor").TakeRungAsync(tracking.Signed(new()
        {
            Partner = "PL", Rung = rung, Letter = $"About {sent.Reference}.", CommandId = Officer.NewId(), Requests = { sent.Request },
        }, "prosecutor"))).Name;

        async Task<IEnumerable<string>> Read(string persona) =>
            (await tracking.As(persona).ListTakenRungsAsync(new() { Partners = { "PL" } })).Rungs.Select(rung => rung.Name);
    }

    /// <summary>
    /// Given on the exchange, changed to post, and answered by post in time; by then one officer is known to have sent it alone.
    /// </summary>
    RequestFacts[] Life(string reference)
    {
        // A day of its own for each, by which the filters find it.
        var first = tracking.Sent(reference, "PL", dueDaysAgo: 10 + (reference[^1] - '0'));
        first.ToldVersion = 1;
        var second = tracking.Next(first, facts => (facts.Channel, facts.ToldVersion) = (Channel.OffExchange, facts.Version));
        second.RecordedAt = Timestamp.FromDateTimeOffset(tracking.Clock.GetUtcNow().AddDays(-150));
        var third = tracking.Next(second, facts =>
        {
            facts.TransmittedAlone = new();
            facts.Answers.Add(new Answer
            {
                AnsweredOn = tracking.Today.AddDays(-60).ToIso(), Outcome = Outcome.Executed, Final = true,
                RecordedBy = Side.RequestingSide,
            });
        });
        third.RecordedAt = Timestamp.FromDateTimeOffset(tracking.Clock.GetUtcNow().AddDays(-59));
        return [first, second, third];
    }
}
