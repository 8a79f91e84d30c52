using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>A rung that was taken for a request.</summary>
readonly record struct TakenOnce(Rung Rung, DateOnly On);

/// <summary>Where a request stands on the ladder.</summary>
/// <param name="Due">The rung that is due; unspecified while it rests.</param>
/// <param name="Rests">Why none is due, as it is said to an officer; empty when one is.</param>
/// <param name="Before">The highest rung taken; unspecified when none was.</param>
readonly record struct LadderPlace(Rung Due, string Rests, TakenOnce Before);

/// <summary>
/// The escalation ladder: which rung is due for a request on a day. A pure rule; the channel plays no part, for a partner
/// off the exchange is reminded by the same letter on paper.
/// </summary>
static class Ladder
{
    /// <param name="facts">The newest version.</param>
    /// <param name="today">In the requesting state.</param>
    /// <param name="taken">What this service's journal holds; it is there before Requests has recorded it.</param>
    public static LadderPlace At(RequestFacts facts, DateOnly today, IEnumerable<TakenOnce> taken, LadderOptions options)
    {
        var before = facts.Reminders.Where(r => r.RemindedOn.Length > 0).Select(r => new TakenOnce(r.Rung, Day.Of(r.RemindedOn)!.Value))
            .Concat(taken).OrderBy(t => t.Rung).ThenBy(t => t.On).LastOrDefault();
        var rests = WhyItRests(facts, today);
        if (rests.Length == 0 && before.Rung == Rung.LiaisonChannel)
            rests = "has been through every rung.";
        if (rests.Length > 0)
            return new(Rung.Unspecified, rests, before);

        var next = before.Rung + 1;
        var from = next switch
        {
            Rung.Reminder => facts.DueOn(LimitKind.Policy)!.Value.AddDays(1 + options.ReminderAfterDays),
            Rung.SecondReminder => before.On.AddDays(options.SecondReminderAfterDays),
            Rung.CentralAuthority => before.On.AddDays(options.CentralAuthorityAfterDays),
            _ => before.On.AddDays(options.LiaisonChannelAfterDays),
        };
        return today < from ? new(Rung.Unspecified, $"is not due for {next} before {from.Text()}.", before) : new(next, "", before);
    }

    static string WhyItRests(RequestFacts facts, DateOnly today)
    {
        // Without an as-of day: a partner further east may have answered on a day that has not begun here.
        if (facts.IsObserved() || Clock.At(facts, DateOnly.MaxValue, LimitKind.Policy) is not { } clock)
            return "is known from a register only, or was not sent.";
        if (!clock.IsOpen)
            return "is answered, withdrawn or returned.";
        if (facts.ClosedOn.Length > 0 || facts.Status is Status.Closed or Status.ClosedUnanswered)
            return "is closed.";
        if (!(clock.DueOn < today))
            return "is not overdue.";
        if (clock.WaitingOnUs)
            return "rests: the partner waits for our reply.";
        return facts.Status == Status.Postponed && !(ExpectedOn(facts) < today) ? "rests: the partner has postponed it." : "";
    }

    static DateOnly? ExpectedOn(RequestFacts facts) =>
        facts.Postponements.OrderBy(p => p.PostponedOn, StringComparer.Ordinal).LastOrDefault() is { } last ? Day.Of(last.ExpectedOn) : null;
}
