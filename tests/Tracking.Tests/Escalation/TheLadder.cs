using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking.Tests;

/// <summary>Which rung is due for a request on a day.</summary>
public sealed class TheLadder
{
    static readonly DateOnly First = new(2026, 1, 1);
    static readonly LadderOptions Defaults = new();

    readonly RequestFacts facts = new()
    {
        Status = Status.Transmitted,
        Origin = Origin.OnTheExchange,
        TransmittedOn = "2026-01-01",
        TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, DueOn = "2026-06-30" },
            new TimeLimit { Kind = LimitKind.Requested, DueOn = "2026-02-01" } },
    };

    [Fact]
    public void Is_climbed_rung_by_rung_from_the_first_day_overdue_on_while_nobody_answers()
    {
        List<string> climbed = [];
        for (var day = First; day.Year == 2026; day = day.AddDays(1))
        {
            if (Ladder.At(facts, day, [], Defaults).Due is not Rung.Unspecified and var rung)
            {
                climbed.Add($"{day.ToIso()} {rung}");
                facts.Reminders.Add(new Reminder { RemindedOn = day.ToIso(), Rung = rung });
            }
        }

        climbed.ShouldBe(["2026-07-01 Reminder", "2026-07-31 SecondReminder", "2026-08-30 CentralAuthority", "2026-09-29 LiaisonChannel"]);
    }

    [Fact]
    public void Counts_from_the_day_a_rung_was_taken_and_not_from_when_it_was_due() =>
        Ladder.At(facts, new(2026, 10, 1), [new(Rung.Reminder, new(2026, 9, 15))], Defaults).ShouldSatisfyAllConditions(
            place => place.Due.ShouldBe(Rung.Unspecified),
            place => place.RestReason.ShouldContain("2026-10-15"),
            place => place.Previous.ShouldBe(new(Rung.Reminder, new(2026, 9, 15))));

    [Fact]
    public void Knows_a_rung_from_the_journal_before_the_facts_have_it_and_once_when_both_do()
    {
        PriorRung[] journal = [new(Rung.Reminder, new(2026, 7, 1))];
        Ladder.At(facts, new(2026, 7, 1), journal, Defaults).Due.ShouldBe(Rung.Unspecified);

        facts.Reminders.Add(new Reminder { RemindedOn = "2026-07-01", Rung = Rung.Reminder });
        Ladder.At(facts, new(2026, 7, 31), journal, Defaults).Due.ShouldBe(Rung.SecondReminder);
    }

    [Fact]
    public void Rests_while_the_partner_waits_for_us_and_goes_on_when_we_have_replied()
    {
        facts.Supplements.Add(new Supplement { RequestedOn = "2026-06-01" });
        Place("2026-07-15").RestReason.ShouldContain("waits for our reply");

        facts.Supplements[0].ProvidedOn = "2026-07-15";
        Place("2026-07-15").Due.ShouldBe(Rung.Reminder);
    }

    [Fact]
    public void Rests_while_the_partner_has_postponed_it_and_goes_on_after_the_day_it_expected()
    {
        facts.Status = Status.Postponed;
        facts.Postponements.Add(new Postponement { PostponedOn = "2026-06-01", ExpectedOn = "2026-06-20" });
        facts.Postponements.Add(new Postponement { PostponedOn = "2026-06-15", ExpectedOn = "2026-08-01" });
        (Place("2026-08-01").Due, Place("2026-08-02").Due).ShouldBe((Rung.Unspecified, Rung.Reminder));

        facts.Postponements[1].ExpectedOn = "";
        Place("2026-12-31").RestReason.ShouldContain("postponed");

        facts.Status = Status.InExecution;
        Place("2026-07-15").Due.ShouldBe(Rung.Reminder);
    }

    [Fact]
    public void Is_for_requests_of_ours_that_are_open_whatever_the_channel()
    {
        facts.Channel = Channel.OffExchange;
        Place("2026-07-01").Due.ShouldBe(Rung.Reminder);

        foreach (var ended in new Action<RequestFacts>[]
        {
            f => f.TransmittedOn = "",
            f => f.TimeLimits.RemoveAt(0),
            f => f.Origin = Origin.Imported,
            f => f.Answers.Add(new Answer { AnsweredOn = "2026-07-02", Outcome = Outcome.PartiallyExecuted }), // tomorrow here, today there
            f => f.Ending = new() { EndedOn = "2026-06-30", Outcome = Outcome.Returned },
            f => f.Ending = new() { EndedOn = "2026-06-30", Outcome = Outcome.Withdrawn },
            f => (f.Status, f.ClosedOn) = (Status.ClosedUnanswered, "2026-06-30"),
        })
        {
            var copy = facts.Clone();
            ended(copy);
            Ladder.At(copy, new(2026, 7, 1), [], Defaults).ShouldSatisfyAllConditions(
                place => place.Due.ShouldBe(Rung.Unspecified), place => place.RestReason.ShouldNotBeEmpty());
        }

        (facts.Origin, facts.Adopted) = (Origin.Imported, true);
        Place("2026-07-01").Due.ShouldBe(Rung.Reminder);
    }

    [Fact]
    public void Is_the_same_by_brute_force()
    {
        var random = new RandomLetters(5);
        var seen = new Dictionary<Rung, int>();
        for (var round = 0; round < 20_000; round++)
        {
            var (some, today) = (Any(random), First.AddDays(random.Next(300)));
            var options = new LadderOptions
            {
                ReminderAfterDays = random.Next(3), SecondReminderAfterDays = 1 + random.Next(20),
                CentralAuthorityAfterDays = 1 + random.Next(20), LiaisonChannelAfterDays = 1 + random.Next(20),
            };
            var journal = some.Reminders.Take(random.Next(2)).Select(r => new PriorRung(r.Rung, LegalDay.Parse(r.RemindedOn))).ToList();

            var due = Ladder.At(some, today, journal, options).Due;

            due.ShouldBe(Naive(some, today.ToIso(), options), $"{some} on {today}");
            seen[due] = seen.GetValueOrDefault(due) + 1;
        }
        seen.Keys.ShouldBe(System.Enum.GetValues<Rung>(), ignoreOrder: true);
        seen.Values.ShouldAllBe(times => times > 100);
    }

    LadderPosition Place(string day) => Ladder.At(facts, LegalDay.Parse(day), [], Defaults);

    static RequestFacts Any(RandomLetters random)
    {
        string AnyDay(double share) => random.Chance(share) ? First.AddDays(random.Next(300)).ToIso() : "";
        var some = new RequestFacts
        {
            TransmittedOn = random.Chance(0.95) ? "2026-01-01" : "",
            Origin = random.Chance(0.9) ? Origin.OnTheExchange : Origin.Imported,
            Adopted = random.Chance(0.5),
            Status = random.Chance(0.1) ? Status.ClosedUnanswered : random.Chance(0.3) ? Status.Postponed : Status.Transmitted,
        };
        if (random.Chance(0.95))
            some.TimeLimits.Add(new TimeLimit { Kind = LimitKind.Policy, DueOn = First.AddDays(random.Next(150)).ToIso() });
        if (random.Chance(0.1))
            some.Answers.Add(new Answer { AnsweredOn = "2026-12-31", Outcome = Outcome.Executed });
        if (random.Chance(0.05))
            some.Ending = new() { EndedOn = "2026-02-01", Outcome = Outcome.Withdrawn };
        for (var i = random.Next(3); i > 0; i--)
            some.Postponements.Add(new Postponement { PostponedOn = First.AddDays(random.Next(300)).ToIso(), ExpectedOn = AnyDay(0.8) });
        if (random.Chance(0.2))
            some.Supplements.Add(new Supplement { RequestedOn = "2026-01-15", ProvidedOn = AnyDay(0.7) });
        var day = First.AddDays(random.Next(200));
        for (var rung = Rung.Reminder; rung <= (Rung)random.Next(5); rung++, day = day.AddDays(random.Next(40)))
            some.Reminders.Add(new Reminder { RemindedOn = day.ToIso(), Rung = rung });
        return some;
    }

    // By the text of the days, one condition after the other.
    static Rung Naive(RequestFacts f, string today, LadderOptions options)
    {
        if (f.TransmittedOn == "" || (f.Origin == Origin.Imported && !f.Adopted) || f.Answers.Count > 0 || f.Ending is not null
            || f.Status == Status.ClosedUnanswered)
            return Rung.Unspecified;
        var due = f.TimeLimits.Select(l => l.DueOn).SingleOrDefault("9999-12-31");
        if (Before(today, due) || today == due || f.Supplements.Any(s => s.ProvidedOn == ""))
            return Rung.Unspecified;
        if (f.Status == Status.Postponed)
        {
            var said = f.Postponements.Select(p => p.PostponedOn).Order(StringComparer.Ordinal).LastOrDefault();
            if (f.Postponements.LastOrDefault(p => p.PostponedOn == said) is not { ExpectedOn.Length: > 0 } last
                || !Before(last.ExpectedOn, today))
                return Rung.Unspecified;
        }
        if (f.Reminders.Count == 4)
            return Rung.Unspecified;
        int[] pauses = [options.ReminderAfterDays + 1, options.SecondReminderAfterDays, options.CentralAuthorityAfterDays,
            options.LiaisonChannelAfterDays];
        var from = f.Reminders.Count == 0 ? due : f.Reminders[^1].RemindedOn;
        for (var i = 0; i < pauses[f.Reminders.Count]; i++)
            from = DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture).AddDays(1).ToIso();
        return Before(today, from) ? Rung.Unspecified : (Rung)(f.Reminders.Count + 1);

        static bool Before(string one, string other) => string.CompareOrdinal(one, other) < 0;
    }
}
