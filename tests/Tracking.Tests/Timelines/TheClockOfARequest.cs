using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking.Tests;

/// <summary>The edges of the definitions, one by one.</summary>
public sealed class TheClockOfARequest
{
    readonly RequestFacts facts = new()
    {
        TransmittedOn = "2026-01-01",
        TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, StartOn = "2026-01-01", DueOn = "2026-01-31" } },
    };

    [Fact]
    public void Falls_due_on_the_due_day_itself()
    {
        At("2026-01-30").FallenDue.ShouldBeFalse();
        At("2026-01-31").Overdue.ShouldBeTrue();
    }

    [Fact]
    public void Does_not_exist_before_transmission()
    {
        Clock.At(facts, new(2025, 12, 31), LimitKind.Policy).ShouldBeNull();
        Clock.At(new() { Status = Status.Draft }, new(2026, 12, 31), LimitKind.Policy).ShouldBeNull();
    }

    [Theory]
    [InlineData(Outcome.Withdrawn)]
    [InlineData(Outcome.Returned)]
    public void Never_falls_due_when_withdrawn_or_returned_before_the_due_day_and_does_when_on_it(Outcome outcome)
    {
        facts.Ending = new() { Outcome = outcome, EndedOn = "2026-01-30" };
        At("2026-12-31").FallenDue.ShouldBeFalse();

        facts.Ending.EndedOn = "2026-01-31";
        At("2026-12-31").FallenDue.ShouldBeTrue();
        At("2026-12-31").Overdue.ShouldBeFalse();
    }

    [Fact]
    public void Stays_answered_when_the_rest_is_withdrawn()
    {
        facts.Answers.Add(new Answer { AnsweredOn = "2026-01-10", Outcome = Outcome.PartiallyExecuted });
        facts.Ending = new() { Outcome = Outcome.Withdrawn, EndedOn = "2026-01-20" };
        var clock = At("2026-12-31");

        (clock.First, clock.Gross, clock.FallenDue, clock.OnTime).ShouldBe((Outcome.PartiallyExecuted, 9, true, true));
        (clock.Final, clock.FinalDays).ShouldBe((Outcome.Withdrawn, 19));
    }

    [Fact]
    public void Takes_the_answer_where_an_ending_falls_on_the_same_day()
    {
        facts.Answers.Add(new Answer { AnsweredOn = "2026-01-10", Outcome = Outcome.Refused, Final = true });
        facts.Ending = new() { Outcome = Outcome.Withdrawn, EndedOn = "2026-01-10" };

        (At("2026-12-31").First, At("2026-12-31").Final).ShouldBe((Outcome.Refused, Outcome.Refused));
    }

    [Fact]
    public void Stops_net_of_a_day_once_however_many_questions_were_open_on_it()
    {
        facts.Supplements.Add(new Supplement { RequestedOn = "2026-01-05", ProvidedOn = "2026-01-15" });
        facts.Supplements.Add(new Supplement { RequestedOn = "2026-01-10", ProvidedOn = "2026-01-20" });
        facts.Answers.Add(new Answer { AnsweredOn = "2026-02-15", Outcome = Outcome.Executed });

        (At("2026-03-01").Gross, At("2026-03-01").Net, At("2026-03-01").OnTime, At("2026-03-01").NetOnTime).ShouldBe((45, 30, false, true));
    }

    [Fact]
    public void Waits_for_us_while_a_question_is_open()
    {
        facts.Supplements.Add(new Supplement { RequestedOn = "2026-01-05", ProvidedOn = "2026-02-20" });

        (At("2026-01-04").WaitingOnUs, At("2026-02-19").WaitingOnUs, At("2026-02-20").WaitingOnUs).ShouldBe((false, true, false));
        (At("2026-02-19").Net, At("2026-03-02").Net).ShouldBe((4, 14));
    }

    [Fact]
    public void Is_silent_until_the_requested_side_does_anything_and_a_delivery_is_none_of_its_doing()
    {
        facts.DeliveredOn = "2026-01-02";
        At("2026-02-01").Silent.ShouldBeTrue();

        foreach (var heard in new Action<RequestFacts>[]
        {
            f => f.AcknowledgedOn = "2026-01-02",
            f => f.RecognisedOn = "2026-01-02",
            f => f.ForwardedOn = "2026-01-02",
            f => f.Supplements.Add(new Supplement { RequestedOn = "2026-01-02" }),
            f => f.Postponements.Add(new Postponement { PostponedOn = "2026-01-02" }),
            f => f.StatusReports.Add(new StatusReport { RequestedOn = "2026-01-02", ReportedOn = "2026-01-05" }),
        })
        {
            var copy = facts.Clone();
            heard(copy);
            var clock = Clock.At(copy, new(2026, 2, 1), LimitKind.Policy)!.Value;
            (clock.Overdue, clock.Silent).ShouldBe((true, false));
        }
    }

    [Fact]
    public void Stays_silent_while_a_status_report_is_only_asked_for_and_until_the_day_it_is_given()
    {
        facts.StatusReports.Add(new StatusReport { RequestedOn = "2026-01-20", ReportedOn = "2026-02-10" });

        (At("2026-02-09").Silent, At("2026-02-10").Silent, At("2026-02-10").Overdue).ShouldBe((true, false, true));
    }

    [Fact]
    public void Stays_unanswered_when_it_is_closed_without_an_answer()
    {
        (facts.Status, facts.ClosedOn) = (Status.ClosedUnanswered, "2026-02-10");

        (At("2026-12-31").IsOpen, At("2026-12-31").Overdue, At("2026-12-31").Silent).ShouldBe((true, true, true));
    }

    [Fact]
    public void Counts_an_answer_of_the_day_before_as_given_at_once()
    {
        // Sent from Minsk after midnight, answered at once in Washington, where it was still the day before.
        facts.Answers.Add(new Answer { AnsweredOn = "2025-12-31", Outcome = Outcome.Executed, Final = true });
        facts.AcknowledgedOn = "2025-12-31";
        var clock = At("2026-02-01");

        (clock.Gross, clock.Net, clock.FinalDays, clock.Acknowledgement, clock.OnTime).ShouldBe((0, 0, 0, new Stage(0, true), true));
    }

    [Fact]
    public void Is_seen_no_later_than_its_register_was_kept_until_an_officer_adopts_it()
    {
        (facts.Origin, facts.ObservedUntil) = (Origin.Imported, "2026-01-20");
        (At("2026-12-31").SeenOn, At("2026-12-31").FallenDue).ShouldBe((new(2026, 1, 20), false));
        At("2026-01-10").SeenOn.ShouldBe(new(2026, 1, 10));

        facts.Adopted = true;
        At("2026-12-31").Overdue.ShouldBeTrue();
    }

    Clock At(string day) => Clock.At(facts, LegalDay.Parse(day), LimitKind.Policy)!.Value;
}
