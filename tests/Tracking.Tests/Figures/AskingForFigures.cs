using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Microsoft.Extensions.Time.Testing;

namespace Exchange.Tracking.Tests;

public sealed class AskingForFigures
{
    // Half past ten in the evening in London is half past one the next morning in Minsk.
    readonly FakeTimeProvider clock = new(new(2026, 3, 9, 22, 30, 0, TimeSpan.Zero));

    [Fact]
    public void Means_today_in_the_own_state_when_no_day_is_named()
    {
        Read("BY", new()).AsOf.ShouldBe(new(2026, 3, 10));
        Read("GB", new()).AsOf.ShouldBe(new(2026, 3, 9));
        Read("BY", new()).Kind.ShouldBe(LimitKind.Policy);
        Read("BY", new()).Outgoing.ShouldBeTrue();
    }

    [Fact]
    public void Is_refused_for_a_day_after_today()
    {
        Read("BY", new() { AsOf = "2026-03-10" }).AsOf.ShouldBe(new(2026, 3, 10));
        Violations("BY", new() { AsOf = "2026-03-11" }).ShouldBe(["as_of"]);
        Violations("GB", new() { AsOf = "2026-03-10" }).ShouldBe(["as_of"]);
    }

    [Fact]
    public void Is_refused_with_every_fault_at_once() => Violations("BY", new()
    {
        Direction = (Direction)9,
        AsOf = "10.03.2026",
        KnownBy = new() { Seconds = long.MaxValue },
        LimitKind = (LimitKind)77,
        PeriodFrom = "2026-02-30",
        PeriodTo = "2027-01-01",
        Filter = new()
        {
            Partners = { "PL", "UK", "pl" },
            Blocs = { "NATO" },
            Instruments = { "HAGUE" },
            Measures = { "torture" },
            Offences = { "" },
            Urgencies = { Urgency.Unspecified },
            TransmittedFrom = "2026-02-02",
            TransmittedTo = "2026-01-01",
            RecordedBy = { Side.Unspecified },
        },
    }).ShouldBe([
        "direction", "as_of", "known_by", "limit_kind", "filter.partners[1]", "filter.partners[2]", "filter.blocs[0]",
            "filter.instruments[0]",
        "filter.measures[0]", "filter.offences[0]", "filter.urgencies[0]", "filter.recorded_by[0]", "filter.transmitted_from",
            "period_from", "period_to",
    ], ignoreOrder: true);

    [Fact]
    public void Takes_the_year_up_to_the_day_as_the_period_unless_told_otherwise()
    {
        var reader = new QueryReader(Figures.Reference, clock, "BY");

        reader.Period("", "", new(2008, 12, 31)).ShouldBe(new(new(2008, 1, 1), new(2008, 12, 31)));
        reader.Period("2007-04-01", "2007-06-30", new(2008, 12, 31)).Days.ShouldBe(91);
        reader.ThrowIfInvalid();
        reader.Period("2008-05-02", "2008-05-01", new(2008, 12, 31));
        Should.Throw<Refusal>(reader.ThrowIfInvalid).Violations.Select(v => v.Field).ShouldBe(["period_from"]);
    }

    [Fact]
    public void Comes_with_the_meaning_of_every_figure()
    {
        var terms = Definitions.All.Select(d => d.Term).ToList();
        string[] figures =
        [
            .. Counts.Descriptor.Fields.InDeclarationOrder().Select(f => f.Name),
            .. Rates.Descriptor.Fields.InDeclarationOrder().Select(f => f.Name + "_rate"),
            .. TurnaroundRow.Descriptor.Fields.InDeclarationOrder().Select(f => f.Name)
                .Except(["group", "counts", "rates", "caseflow", "ages"]),
            .. Caseflow.Descriptor.Fields.InDeclarationOrder().Where(f => !f.Name.StartsWith("period_", StringComparison.Ordinal))
                .Select(f => f.Name),
            .. AgeOfPending.Descriptor.Fields.InDeclarationOrder().Select(f => f.Name),
            "median_days", "p90_days", "still_waiting",
        ];

        terms.ShouldBe(figures, ignoreOrder: true);
        foreach (var definition in Definitions.All)
            definition.Meaning.Count(c => c == '.').ShouldBe(1, definition.Term);
    }

    [Fact]
    public void Labels_a_partner_with_the_bloc_it_is_in_on_the_as_of_day_and_counts_it_where_it_was()
    {
        var letters = new RandomLetters(3);
        var toGreatBritain = letters.Histories(1)[0].Letter with
        {
            RequestingState = "BY",
            RequestedState = "GB",
            Transmitted = new(2019, 5, 1),
            ObservedUntil = null,
        };
        var facts = new Known(Guid.CreateVersion7(), 1, DateTimeOffset.UnixEpoch, toGreatBritain, Imported: false).Facts();

        var rows = Figures.Of([facts], new() { Grouping = Grouping.Partner, AsOf = "2021-01-01" });

        rows.Select(r => (r.Group, r.Bloc, r.Counts.Requests)).ShouldBe(
            [("ALL", "", 1), ("EU", "", 1), ("CIS", "", 0), ("other", "", 0), ("GB", "other", 1)]);
    }

    FiguresQuery Read(string viewer, GetTurnaroundRequest asked)
    {
        var reader = new QueryReader(Figures.Reference, clock, viewer);
        var question = reader.Read(asked.Direction, asked.AsOf, asked.KnownBy, asked.Filter, asked.LimitKind);
        reader.Period(asked.PeriodFrom, asked.PeriodTo, question.AsOf);
        reader.ThrowIfInvalid();
        return question;
    }

    List<string> Violations(string viewer, GetTurnaroundRequest asked) =>
        [.. Should.Throw<Refusal>(() => Read(viewer, asked)).Violations.Select(v => v.Field)];
}
