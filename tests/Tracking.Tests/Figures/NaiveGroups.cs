using System.Globalization;
using Exchange.Reference;
using Exchange.Testing;
using Exchange.Tracking.V1;

namespace Exchange.Tracking.Tests;

/// <summary>Groups and filters once more, a predicate for each row.</summary>
static class NaiveGroups
{
    public static List<(string Name, Func<LetterAsOf, bool> Holds)> Of(
        Grouping grouping, List<LetterAsOf> letters, Func<LetterAsOf, string> partner, Func<LetterAsOf, string> bloc)
    {
        (string, Func<LetterAsOf, bool>)[] blocs = [("EU", l => bloc(l) == "EU"), ("CIS", l => bloc(l) == "CIS"),
            ("other", l => bloc(l) == "other")];
        List<(string, Func<LetterAsOf, bool>)> rows = [("ALL", _ => true)];
        rows.AddRange(grouping switch
        {
            Grouping.Partner => [.. blocs, .. By(l => [partner(l)])],
            Grouping.Bloc => blocs,
            Grouping.Instrument => By(l => [l.Letter.Instrument]),
            Grouping.Measure => By(l => l.Letter.Measures),
            Grouping.Offence => By(l => [l.Letter.Offence]),
            Grouping.UrgencyOfRequest => [("routine", l => l.Letter.Urgency == "routine"), ("urgent", l => l.Letter.Urgency == "urgent")],
            Grouping.Year => By(l => [l.Letter.Transmitted.ToString("yyyy", CultureInfo.InvariantCulture)]),
            Grouping.Quarter => By(l => [QuarterOf(l.Letter.Transmitted)]),
            Grouping.RecordedBy => [Recorded("requested_side"), Recorded("requesting_side"), Recorded("none")],
            _ => throw new ArgumentOutOfRangeException(nameof(grouping), grouping, null),
        });
        return rows;

        IEnumerable<(string, Func<LetterAsOf, bool>)> By(Func<LetterAsOf, IEnumerable<string>> names) =>
            letters.SelectMany(names).Distinct().Order(StringComparer.Ordinal)
                .Select(name => (name, (Func<LetterAsOf, bool>)(l => names(l).Contains(name))));
    }

    public static bool Holds(LetterAsOf letter, Filter filter, Func<LetterAsOf, string> partner, Func<LetterAsOf, string> bloc) =>
        Any(filter.Partners, partner(letter))
        && Any(filter.Blocs, bloc(letter))
        && Any(filter.Instruments, letter.Letter.Instrument)
        && (filter.Measures.Count == 0 || filter.Measures.Intersect(letter.Letter.Measures).Any())
        && Any(filter.Offences, letter.Letter.Offence)
        && (filter.Urgencies.Count == 0 || letter.Letter.Urgency == "urgent")
        && (filter.RecordedBy.Count == 0 || letter.RecordedBy == "requested_side")
        && (filter.TransmittedFrom.Length == 0 || letter.Letter.Transmitted >= LegalDay.ParseOptional(filter.TransmittedFrom))
        && (filter.TransmittedTo.Length == 0 || letter.Letter.Transmitted <= LegalDay.ParseOptional(filter.TransmittedTo));

    static bool Any(IReadOnlyCollection<string> wanted, string value) => wanted.Count == 0 || wanted.Contains(value);

    static (string, Func<LetterAsOf, bool>) Recorded(string by) => (by, l => l.RecordedBy == by);

    static string QuarterOf(DateOnly day) => day.Month switch
    {
        <= 3 => $"{day:yyyy}-Q1",
        <= 6 => $"{day:yyyy}-Q2",
        <= 9 => $"{day:yyyy}-Q3",
        _ => $"{day:yyyy}-Q4",
    };
}
