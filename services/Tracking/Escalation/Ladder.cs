using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>A rung that was taken for a request before, and the day in the requesting state on which it was.</summary>
readonly record struct PriorRung(Rung Rung, DateOnly On);

/// <summary>Where a request stands on the ladder.</summary>
/// <param name="Due">The rung that is due; unspecified where none is.</param>
/// <param name="RestReason">Why none is due, as an officer is told it after the name of the request; empty where one is.</param>
/// <param name="Previous">The highest rung taken; its rung is unspecified where none was.</param>
readonly record struct LadderPosition(Rung Due, string RestReason, PriorRung Previous);

/// <summary>
/// The escalation ladder: the rule that says which rung is due for a request on a day. The channel plays no part, because a partner off
/// the exchange is reminded by the same letter on paper.
/// </summary>
static class Ladder
{
    /// <summary>The position of a request on a day.</summary>
    /// <param name="facts">The newest version of the request.</param>
    /// <param name="today">The day it is in the requesting state.</param>
    /// <param name="taken">Rungs in this service's own journal; they are there before Requests has recorded them in the facts.</param>
    /// <param name="options">How many days after one rung the next is due.</param>
    public static LadderPosition At(RequestFacts facts, DateOnly today, IEnumerable<PriorRung> taken, LadderOptions options)
    {
        var previous = facts.Reminders.Where(r => r.RemindedOn.Length > 0).Select(r => new PriorRung(r.Rung, LegalDay.Parse(r.RemindedOn)))
            .Concat(taken).OrderBy(t => t.Rung).ThenBy(t => t.On).LastOrDefault();
        var restReason = RestReason(facts, today);
        if (restReason.Length == 0 && previous.Rung == Rung.LiaisonChannel)
            restReason = "has been through every rung.";
        if (restReason.Length > 0)
            return new(Rung.Unspecified, restReason, previous);

        var next = previous.Rung + 1;
        var from = next switch
        {
            Rung.Reminder => facts.DueOn(LimitKind.Policy)!.Value.AddDays(1 + options.ReminderAfterDays),
            Rung.SecondReminder => previous.On.AddDays(options.SecondReminderAfterDays),
            Rung.CentralAuthority => previous.On.AddDays(options.CentralAuthorityAfterDays),
            _ => previous.On.AddDays(options.LiaisonChannelAfterDays),
        };
        return today < from ? new(Rung.Unspecified, $"is not due for {next} before {from.ToIso()}.", previous) : new(next, "", previous);
    }

    static string RestReason(RequestFacts facts, DateOnly today)
    {
        // As of the last day there is, because a partner further east may have answered on a day that has not begun here.
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
        facts.Postponements.OrderBy(p => p.PostponedOn, StringComparer.Ordinal).LastOrDefault() is { } last
            ? LegalDay.ParseOptional(last.ExpectedOn) : null;
}
