using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Tracking;

/// <summary>Reads what a caller asks and gathers every fault before it refuses.</summary>
sealed class QuestionReader(ReferenceData reference, TimeProvider time, string viewer)
{
    public const string UnknownState = "is not a known state; two upper-case letters, ISO 3166-1.";

    static readonly string[] BlocNames = [Blocs.EU, Blocs.CIS, Blocs.Other];

    readonly List<Violation> violations = [];

    /// <summary>The question, with nothing checked yet: call <see cref="Refuse"/> when all parts were read.</summary>
    public Question Read(Direction direction, string asOf, Timestamp? knownBy, Filter? filter, LimitKind kind) => new()
    {
        Viewer = viewer,
        Outgoing = Known(direction, "direction") != Direction.Incoming,
        AsOf = AsOf(asOf),
        KnownBy = KnownBy(knownBy),
        Kind = Known(kind, "limit_kind") == LimitKind.Unspecified ? LimitKind.Policy : kind,
        Wanted = Wanted(filter ?? new()),
    };

    /// <summary>The period of the caseflow figures: by default the as-of day's year up to that day.</summary>
    public Period Period(string from, string to, DateOnly asOf)
    {
        var last = DayOr(to, "period_to", asOf);
        var first = DayOr(from, "period_from", new(asOf.Year, 1, 1));
        if (last > asOf)
            Fault("period_to", "lies after the as-of day, and nothing is known of the days after it.");
        if (first > last)
            Fault("period_from", "lies after the end of the period.");
        return new(first, last);
    }

    public T Known<T>(T value, string field)
        where T : struct, System.Enum
    {
        if (!System.Enum.IsDefined(value))
            Fault(field, "is not a value of its enumeration.");
        return value;
    }

    public int PageSize(int asked, int whenZero)
    {
        if (asked is < 0 or > 1000)
            Fault("page_size", "is not between 0 and 1000.");
        return asked == 0 ? whenZero : asked;
    }

    /// <summary>Empty means all.</summary>
    public string[] Partners(IReadOnlyList<string> partners, string field = "partners")
    {
        OneOf(partners, field, reference.States.ContainsKey, UnknownState);
        return [.. partners];
    }

    public void Fault(string field, string description) => violations.Add(new(field, description));

    /// <exception cref="Refusal">Something was wrong; names all of it.</exception>
    public void Refuse()
    {
        if (violations.Count > 0)
            throw Refusal.Invalid(violations);
    }

    // The viewer's own day also for incoming requests: one answer stands on one day, and his is the one he knows.
    DateOnly AsOf(string asOf)
    {
        var today = reference.Today(viewer, time);
        var day = DayOr(asOf, "as_of", today);
        if (day > today)
            Fault("as_of", $"lies after today, {today.Text()} in {viewer}.");
        return day;
    }

    DateTimeOffset? KnownBy(Timestamp? instant)
    {
        try
        {
            return instant?.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            Fault("known_by", "is not an instant between the years 1 and 9999.");
            return null;
        }
    }

    DateOnly DayOr(string text, string field, DateOnly whenEmpty)
    {
        if (text.Length == 0)
            return whenEmpty;
        if (Day.TryRead(text, out var day))
            return day;
        Fault(field, "is not a day such as 2008-12-31.");
        return whenEmpty;
    }

    Wanted Wanted(Filter filter)
    {
        var wanted = new Wanted
        {
            Partners = OneOf(filter.Partners, "filter.partners", reference.States.ContainsKey, UnknownState),
            Blocs = OneOf(filter.Blocs, "filter.blocs", BlocNames.Contains, "is none of EU, CIS and other."),
            Instruments = OneOf(filter.Instruments, "filter.instruments", reference.Instruments.ContainsKey, "is not a known instrument."),
            Measures = OneOf(filter.Measures, "filter.measures", reference.Measures.ContainsKey, "is not a known measure."),
            Offences = OneOf(filter.Offences, "filter.offences", offence => offence.Length > 0, "is empty."),
            Urgencies = OneOf(filter.Urgencies, "filter.urgencies", u => u is Urgency.Routine or Urgency.Urgent, "is neither ROUTINE nor URGENT."),
            RecordedBy = OneOf(filter.RecordedBy, "filter.recorded_by", s => s is Side.RequestingSide or Side.RequestedSide, "is neither side."),
            From = DayOr(filter.TransmittedFrom, "filter.transmitted_from", DateOnly.MinValue),
            To = DayOr(filter.TransmittedTo, "filter.transmitted_to", DateOnly.MaxValue),
        };
        if (wanted.From > wanted.To)
            Fault("filter.transmitted_from", "lies after filter.transmitted_to.");
        return wanted;
    }

    HashSet<T>? OneOf<T>(IReadOnlyList<T> values, string field, Func<T, bool> isKnown, string fault)
    {
        for (var i = 0; i < values.Count; i++)
            if (!isKnown(values[i]))
                Fault($"{field}[{i}]", fault);
        return values.Count == 0 ? null : [.. values];
    }
}
