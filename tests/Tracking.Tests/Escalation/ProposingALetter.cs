using Exchange.Requests.V1;

namespace Exchange.Tracking.Tests;

public sealed class ProposingALetter
{
    static readonly DateOnly Today = new(2026, 9, 1);

    [Theory]
    [InlineData(Rung.Reminder, "the competent authority of Poland", "awaiting an answer")]
    [InlineData(Rung.SecondReminder, "the competent authority of Poland", "Second reminder")]
    [InlineData(Rung.CentralAuthority, "the central authority of Poland", "after two reminders")]
    [InlineData(Rung.LiaisonChannel, "the liaison channel with Poland", "raised with the central authority")]
    public void Names_to_whom_and_each_request_with_its_days(Rung rung, string to, string subject)
    {
        var letter = Letter(rung, Of("BY-2026-000007"), Of("BY-2026-000008"));

        letter.ShouldSatisfyAllConditions(
            l => l.ShouldContain("From: Belarus"), l => l.ShouldContain(to), l => l.ShouldContain(subject), l =>
                l.ShouldContain("Date: 2026-09-01"),
            l => l.ShouldContain("- BY-2026-000007, sent on 2026-01-01; an answer was expected by 2026-06-30, 63 days ago"),
            l => l.ShouldContain("- BY-2026-000008"));
    }

    [Fact]
    public void Says_what_was_tried_before() =>
        RungLetter.Of(Rung.SecondReminder, [(Of("BY-2026-000007"), new(Rung.SecondReminder, "", new(Rung.Reminder, new(2026, 7, 1))))],
            Today, Figures.Reference)
            .ShouldContain("63 days ago; reminder of 2026-07-01");

    [Fact]
    public void Refers_to_the_convention_for_those_requests_that_were_made_under_it()
    {
        Letter(Rung.Reminder, Of("BY-2026-000007")).ShouldSatisfyAllConditions(
            l => l.ShouldContain(
                "These requests are made under Article 18 of the United Nations Convention against Transnational Organized Crime"),
            l => l.ShouldContain("paragraph 24"), l => l.ShouldNotContain("paragraph 13"));
        Letter(Rung.CentralAuthority, Of("BY-2026-000007"), Of("BY-2026-000008", "MINSK-1993")).ShouldSatisfyAllConditions(
            l => l.ShouldContain("Those requests for which no other instrument is named are made"), l => l.ShouldContain("paragraph 13"),
            l => l.ShouldContain("BY-2026-000008, sent on 2026-01-01 under MINSK-1993"));
        Letter(Rung.Reminder, Of("BY-2026-000008", "MINSK-1993")).ShouldNotContain("Article");
    }

    [Fact]
    public void Fits_into_the_length_a_letter_may_have_with_as_many_requests_as_one_holds()
    {
        var longest = Enumerable.Range(1, RungLetter.MaxRequests).Select(i => Of($"BY-2026-{i:d6}-{new string('9', 60)}", "CETS197-2005"))
            .ToArray();

        Letter(Rung.LiaisonChannel, longest).Length.ShouldBeLessThan(20_000);
    }

    static string Letter(Rung rung, params RequestFacts[] requests) =>
        RungLetter.Of(rung, [.. requests.Select(facts => (facts, new LadderPosition(rung, "", default)))], Today, Figures.Reference);

    static RequestFacts Of(string reference, string instrument = "UNTOC-2000") => new()
    {
        Reference = reference,
        RequestingState = "BY",
        RequestedState = "PL",
        Instrument = instrument,
        TransmittedOn = "2026-01-01",
        TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, DueOn = "2026-06-30" } },
    };
}
