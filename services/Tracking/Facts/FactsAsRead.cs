using Exchange.Contracts;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>What the clocks read out of the facts of a request.</summary>
static class FactsAsRead
{
    const string Prefix = "requests/";

    public static Guid Id(this RequestFacts facts) => Guid.Parse(facts.Request.AsSpan(Prefix.Length));

    /// <summary>One unreadable day would spoil every figure it belongs to, so it is found before it is stored.</summary>
    /// <exception cref="FormatException">A name or a day is not written as the contract says.</exception>
    public static void MustBeReadable(this RequestFacts facts)
    {
        if (!facts.Request.StartsWith(Prefix, StringComparison.Ordinal) || facts.RecordedAt is null)
            throw new FormatException("Facts without a resource name or an instant of recording.");
        string[] days =
        [
            facts.TransmittedOn, facts.DeliveredOn, facts.AcknowledgedOn, facts.RecognisedOn, facts.ForwardedOn, facts.ObservedUntil,
            facts.ClosedOn, facts.Ending?.EndedOn ?? "",
            .. facts.AmendedOn,
            .. facts.Supplements.SelectMany(s => new[] { s.RequestedOn, s.ProvidedOn }),
            .. facts.Answers.Select(a => a.AnsweredOn),
            .. facts.Postponements.SelectMany(p => new[] { p.PostponedOn, p.ExpectedOn }),
            .. facts.TimeLimits.SelectMany(l => new[] { l.StartOn, l.DueOn }),
            .. facts.StatusReports.SelectMany(r => new[] { r.RequestedOn, r.ReportedOn }),
            .. facts.Reminders.Select(r => r.RemindedOn),
        ];
        foreach (var day in days)
            Day.Of(day);
    }

    /// <summary>Known from a register only: it is accused of nothing after the register's last day.</summary>
    public static bool IsObserved(this RequestFacts facts) => facts.Origin == Origin.Imported && !facts.Adopted;

    /// <summary>The day this version was recorded, in the requesting state.</summary>
    public static DateOnly RecordedDay(this RequestFacts facts, ReferenceData reference) =>
        reference.DayAt(facts.RequestingState, facts.RecordedAt.ToDateTimeOffset());

    public static DateOnly? DueOn(this RequestFacts facts, LimitKind kind) =>
        facts.TimeLimits.FirstOrDefault(l => l.Kind == kind) is { } limit ? Day.Of(limit.DueOn) : null;
}
