using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>The days an answer is due, fixed at transmission and never mixed.</summary>
static class TimeLimits
{
    /// <param name="facts">Urgency, instrument and both states.</param>
    /// <param name="askedFor">The day the requester asks for an answer by, UNTOC 18(24); null when he names none.</param>
    public static IEnumerable<TimeLimit> At(RequestFacts facts, DateOnly transmitted, DateOnly? askedFor, ReferenceData reference,
        RequestsOptions options)
    {
        var days = facts.Urgency == Urgency.Urgent ? options.UrgentPolicyDays : options.PolicyDays;
        yield return Limit(LimitKind.Policy, transmitted, transmitted.AddDays(days), options.PolicyVersion);
        if (askedFor is { } day)
            yield return Limit(LimitKind.Requested, transmitted, day, "asked for in the letter");

        var instrument = reference.Instruments[facts.Instrument];
        if (instrument.AnswerDays is not { } answerDays)
            yield break;

        // The days for the answer run from the decision, whose day is not known yet, so it is taken on its last.
        var binds = reference.Binds(facts.Instrument, facts.RequestingState, facts.RequestedState, transmitted);
        yield return Limit(binds ? LimitKind.Statutory : LimitKind.Benchmark, transmitted,
            transmitted.AddDays((instrument.DecideDays ?? 0) + answerDays), $"{instrument.Code} art. {instrument.Article}");
    }

    /// <summary>The same limits counted from another day; the one the requester asked for is a day of its own.</summary>
    public static IEnumerable<TimeLimit> Moved(IEnumerable<TimeLimit> limits, DateOnly from, DateOnly to)
    {
        foreach (var limit in limits.Select(limit => limit.Clone()))
        {
            limit.StartOn = to.ToIso();
            if (limit.Kind != LimitKind.Requested && LegalDay.ParseEntered(limit.DueOn) is { } due)
                limit.DueOn = due.AddDays(to.DayNumber - from.DayNumber).ToIso();
            yield return limit;
        }
    }

    static TimeLimit Limit(LimitKind kind, DateOnly start, DateOnly due, string version) =>
        new() { Kind = kind, StartOn = start.ToIso(), DueOn = due.ToIso(), PolicyVersion = version };
}
