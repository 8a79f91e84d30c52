using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Tracking.Tests;

/// <summary>Random histories against brute force: 20 as-of days, every grouping, late entries and corrections.</summary>
public sealed class AnyDayAnyGrouping
{
    static readonly NaiveBlocs Blocs = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Gives_what_brute_force_gives(int seed)
    {
        var random = new RandomLetters(seed);
        var histories = random.Histories(250);
        for (var round = 0; round < 20; round++)
        {
            var asked = Asked(random);
            foreach (var grouping in System.Enum.GetValues<Grouping>().Where(g => g != Grouping.Unspecified))
            {
                asked.Grouping = grouping;
                Compare(histories, asked);
            }
        }
    }

    static void Compare(List<Known> histories, GetTurnaroundRequest asked)
    {
        var incoming = asked.Direction == Direction.Incoming;
        var known = histories.Where(k => asked.KnownBy is null || k.RecordedAt <= asked.KnownBy.ToDateTimeOffset())
            .GroupBy(k => k.Id).Select(g => g.MaxBy(k => k.Version)!)
            .Where(k => (incoming ? k.Letter.RequestedState : k.Letter.RequestingState) == "BY").ToList();
        var asOf = LegalDay.Parse(asked.AsOf);
        var kind = Known.Kinds.Single(k => k.Value == asked.LimitKind).Key;
        var letters = known.Select(k => new LetterAsOf(k.Letter, asOf, kind))
            .Where(l => l.IsSent && NaiveGroups.Holds(l, asked.Filter, Partner, BlocOf)).ToList();
        var (from, to) = (LegalDay.ParseOptional(asked.PeriodFrom) ?? new(asOf.Year, 1, 1), LegalDay.ParseOptional(asked.PeriodTo) ?? asOf);

        var rows = Figures.Of(known.Select(k => k.Facts()), asked);

        var expected = NaiveGroups.Of(asked.Grouping, letters, Partner, BlocOf);
        rows.Select(r => r.Group).ShouldBe(expected.Select(g => g.Name), $"{asked}");
        foreach (var (row, (name, holds)) in rows.Zip(expected))
            row.ByPath().ShouldEqual(NaiveFigures.Of(letters.Where(holds), from, to), $"{asked} {name}");

        string Partner(LetterAsOf letter) => incoming ? letter.Letter.RequestingState : letter.Letter.RequestedState;

        string BlocOf(LetterAsOf letter) => Blocs.Of(Partner(letter), letter.Letter.Transmitted);
    }

    static GetTurnaroundRequest Asked(RandomLetters random)
    {
        var asOf = random.AnyDay();
        var asked = new GetTurnaroundRequest
        {
            AsOf = asOf.ToIso(),
            Direction = random.Chance(0.3) ? Direction.Incoming : Direction.Outgoing,
            LimitKind = random.OneOf(Known.Kinds.Values.ToList()),
            Filter = Filter(random),
        };
        if (random.Chance(0.5))
            asked.KnownBy = new DateTimeOffset(random.AnyDay(), new(12, 0), TimeSpan.Zero).ToTimestamp();
        if (random.Chance(0.5))
            (asked.PeriodFrom, asked.PeriodTo) = (asOf.AddDays(-random.Next(900) - 30).ToIso(), asOf.AddDays(-random.Next(30)).ToIso());
        return asked;
    }

    static Filter Filter(RandomLetters random)
    {
        var filter = new Filter();
        if (random.Chance(0.2))
            filter.Partners.Add(["PL", "RU", "US", "GB"]);
        if (random.Chance(0.2))
            filter.Blocs.Add(["EU", "other"]);
        if (random.Chance(0.2))
            filter.Instruments.Add(["MINSK-1993", "EIO-2014"]);
        if (random.Chance(0.2))
            filter.Measures.Add(["search_and_seizure", "expert_examination"]);
        if (random.Chance(0.2))
            filter.Offences.Add("kidnapping");
        if (random.Chance(0.2))
            filter.Urgencies.Add(Urgency.Urgent);
        if (random.Chance(0.2))
            filter.RecordedBy.Add(Side.RequestedSide);
        if (random.Chance(0.2))
            (filter.TransmittedFrom, filter.TransmittedTo) = ("2016-06-01", "2019-03-31");
        return filter;
    }
}
