using Exchange.Contracts;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>The figures of a set of requests, a row per group.</summary>
sealed class Table
{
    const string All = "ALL";

    readonly Question question;
    readonly Grouping grouping;
    readonly Period period;
    readonly ReferenceData reference;
    readonly string[] standing;
    readonly Dictionary<string, Tally> tallies = [];

    public Table(Question question, Grouping grouping, Period period, ReferenceData reference)
    {
        this.question = question;
        this.grouping = grouping;
        this.period = period;
        this.reference = reference;
        standing = [All, .. Standing(grouping)];
        foreach (var group in standing)
            tallies[group] = new(period);
    }

    public void Add(RequestFacts facts)
    {
        if (question.See(facts, reference) is not { } seen)
            return;
        TallyOf(All).Add(seen.Clock);
        foreach (var group in GroupsOf(seen))
            TallyOf(group).Add(seen.Clock);
    }

    public IEnumerable<TurnaroundRow> Rows() =>
        standing.Concat(tallies.Keys.Except(standing).Order(StringComparer.Ordinal)).Select(group => tallies[group].Row(group, BlocOf(group)));

    Tally TallyOf(string group) => tallies.TryGetValue(group, out var tally) ? tally : tallies[group] = new(period);

    string BlocOf(string group) => grouping == Grouping.Partner && !standing.Contains(group) ? reference.BlocOf(group, question.AsOf) : "";

    /// <summary>Rows that are there even when nothing falls into them, in this order, before those that come by code.</summary>
    static string[] Standing(Grouping grouping) => grouping switch
    {
        Grouping.Partner or Grouping.Bloc => [Blocs.EU, Blocs.CIS, Blocs.Other],
        Grouping.UrgencyOfRequest => [NameOf(Urgency.Routine), NameOf(Urgency.Urgent)],
        Grouping.RecordedBy => [NameOf(Side.RequestedSide), NameOf(Side.RequestingSide), NameOf(Side.Unspecified)],
        _ => [],
    };

    IEnumerable<string> GroupsOf(Seen seen)
    {
        var (facts, on) = (seen.Facts, seen.Clock.TransmittedOn);
        return grouping switch
        {
            Grouping.Partner => [seen.Bloc, seen.Partner],
            Grouping.Bloc => [seen.Bloc],
            Grouping.Instrument => [facts.Instrument],
            Grouping.Measure => facts.Measures.Distinct(),
            Grouping.Offence => [facts.Offence],
            Grouping.UrgencyOfRequest => [NameOf(facts.Urgency)],
            Grouping.Year => [$"{on.Year:0000}"],
            Grouping.Quarter => [$"{on.Year:0000}-Q{(on.Month + 2) / 3}"],
            Grouping.RecordedBy => [NameOf(seen.RecordedBy)],
            _ => throw new ArgumentOutOfRangeException(nameof(seen), grouping, null),
        };
    }

    static string NameOf(Urgency urgency) => urgency == Urgency.Urgent ? "urgent" : "routine";

    static string NameOf(Side side) => side switch
    {
        Side.RequestingSide => "requesting_side",
        Side.RequestedSide => "requested_side",
        _ => "none",
    };
}
