using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Tracking;

/// <summary>Reads the fields of a query and collects every violation, so that a caller is told all of them at once.</summary>
/// <param name="reference">States, instruments and measures that are known, and the zones of the states.</param>
/// <param name="time">For the day it is today.</param>
/// <param name="viewer">The caller's state, ISO 3166-1 alpha-2; a known one.</param>
sealed class QueryReader(ReferenceData reference, TimeProvider time, string viewer)
{
    public const string UnknownState = "is not a known state; two upper-case letters, ISO 3166-1.";

    static readonly string[] BlocNames = [Blocs.EU, Blocs.CIS, Blocs.Other];

    readonly List<Violation> violations = [];

    /// <summary>
    /// The query. It may be used only after <see cref="ThrowIfInvalid"/>, called when all fields have been read, has returned.
    /// </summary>
    /// <param name="direction">Outgoing where unspecified.</param>
    /// <param name="asOf">An ISO 8601 day, not after today in the viewer's state; today there where empty.</param>
    /// <param name="knownBy">An instant; null for everything known now.</param>
    /// <param name="filter">Null for every request.</param>
    /// <param name="kind">The policy limit where unspecified.</param>
    public FiguresQuery Read(Direction direction, string asOf, Timestamp? knownBy, Filter? filter, LimitKind kind) => new()
    {
        Viewer = viewer,
        Outgoing = Defined(direction, "direction") != Direction.Incoming,
        AsOf = AsOf(asOf),
        KnownBy = KnownBy(knownBy),
        Kind = Defined(kind, "limit_kind") == LimitKind.Unspecified ? LimitKind.Policy : kind,
        Filter = ReadFilter(filter ?? new()),
    };

    /// <summary>The period of the caseflow figures, up to the as-of day at most.</summary>
    /// <param name="from">An ISO 8601 day; the first of the as-of day's year where empty.</param>
    /// <param name="to">An ISO 8601 day; the as-of day where empty.</param>
    /// <param name="asOf">The day after which nothing counts.</param>
    public Period Period(string from, string to, DateOnly asOf)
    {
        var last = DayOr(to, "period_to", asOf);
        var first = DayOr(from, "period_from", new(asOf.Year, 1, 1));
        if (last > asOf)
            AddViolation("period_to", "lies after the as-of day, and nothing is known of the days after it.");
        if (first > last)
            AddViolation("period_from", "lies after the end of the period.");
        return new(first, last);
    }

    /// <summary>The value, which may be the unspecified one; a violation where the enumeration does not define it.</summary>
    public T Defined<T>(T value, string field)
        where T : struct, System.Enum
    {
        if (!System.Enum.IsDefined(value))
            AddViolation(field, "is not a value of its enumeration.");
        return value;
    }

    /// <summary>The number of items on a page, from 1 to 1,000.</summary>
    /// <param name="asked">As the caller gave it; 0 leaves it to the service.</param>
    /// <param name="whenZero">What the service then takes.</param>
    public int PageSize(int asked, int whenZero) => Platform.PageSize.Of(asked, whenZero, fault => AddViolation("page_size", fault));

    /// <summary>Where the page begins; null for the first page, and for a token of another question, which is a violation.</summary>
    public T? PageToken<T>(string token, IMessage question)
        where T : class
    {
        if (token.Length == 0)
            return null;
        if (Platform.PageToken.DecodeFor<T>(token, question, viewer) is { } place)
            return place;
        AddViolation("page_token", "is not one that this question was answered with.");
        return null;
    }

    /// <summary>Partners asked about, each a known state; empty means all.</summary>
    public string[] Partners(IReadOnlyList<string> partners, string field = "partners")
    {
        OneOf(partners, field, reference.States.ContainsKey, UnknownState);
        return [.. partners];
    }

    /// <summary>Notes what is wrong with a field.</summary>
    /// <param name="field">Its path, as in the contract.</param>
    /// <param name="description">Goes on where the path ends: "is missing."</param>
    public void AddViolation(string field, string description) => violations.Add(new(field, description));

    /// <summary>Returns where every field read so far is valid.</summary>
    /// <exception cref="Refusal">Invalid, with every violation.</exception>
    public void ThrowIfInvalid()
    {
        if (violations.Count > 0)
            throw Refusal.Invalid(violations);
    }

    // The viewer's own day also for incoming requests: one answer stands on one day, and the viewer's is the one the caller knows.
    DateOnly AsOf(string asOf)
    {
        var today = reference.Today(viewer, time);
        var day = DayOr(asOf, "as_of", today);
        if (day > today)
            AddViolation("as_of", $"lies after today, {today.ToIso()} in {viewer}.");
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
            AddViolation("known_by", "is not an instant between the years 1 and 9999.");
            return null;
        }
    }

    DateOnly DayOr(string text, string field, DateOnly whenEmpty)
    {
        if (text.Length == 0)
            return whenEmpty;
        if (LegalDay.TryParse(text, out var day))
            return day;
        AddViolation(field, "is not a day such as 2008-12-31.");
        return whenEmpty;
    }

    RequestFilter ReadFilter(Filter filter)
    {
        var read = new RequestFilter
        {
            Partners = OneOf(filter.Partners, "filter.partners", reference.States.ContainsKey, UnknownState),
            Blocs = OneOf(filter.Blocs, "filter.blocs", BlocNames.Contains, "is none of EU, CIS and other."),
            Instruments = OneOf(filter.Instruments, "filter.instruments", reference.Instruments.ContainsKey, "is not a known instrument."),
            Measures = OneOf(filter.Measures, "filter.measures", reference.Measures.ContainsKey, "is not a known measure."),
            Offences = OneOf(filter.Offences, "filter.offences", offence => offence.Length > 0, "is empty."),
            Urgencies = OneOf(filter.Urgencies, "filter.urgencies", u => u is Urgency.Routine or Urgency.Urgent,
                "is neither ROUTINE nor URGENT."),
            RecordedBy = OneOf(filter.RecordedBy, "filter.recorded_by", s => s is Side.RequestingSide or Side.RequestedSide,
                "is neither side."),
            From = DayOr(filter.TransmittedFrom, "filter.transmitted_from", DateOnly.MinValue),
            To = DayOr(filter.TransmittedTo, "filter.transmitted_to", DateOnly.MaxValue),
        };
        if (read.From > read.To)
            AddViolation("filter.transmitted_from", "lies after filter.transmitted_to.");
        return read;
    }

    HashSet<T>? OneOf<T>(IReadOnlyList<T> values, string field, Func<T, bool> isKnown, string description)
    {
        for (var i = 0; i < values.Count; i++)
            if (!isKnown(values[i]))
                AddViolation($"{field}[{i}]", description);
        return values.Count == 0 ? null : [.. values];
    }
}
