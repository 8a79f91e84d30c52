namespace Exchange.Reference.Tests;

public sealed class BuiltInReferenceData
{
    static readonly ReferenceData Reference = ReferenceData.Load();

    [Theory]
    [InlineData("GE", "2009-08-17", "CIS")]
    [InlineData("GE", "2009-08-18", "other")]
    [InlineData("GB", "2020-01-31", "EU")]
    [InlineData("GB", "2020-02-01", "other")]
    [InlineData("TM", "2005-08-25", "CIS")]
    [InlineData("TM", "2005-08-26", "CIS")]
    [InlineData("HR", "2013-06-30", "other")]
    [InlineData("HR", "2013-07-01", "EU")]
    [InlineData("PL", "2004-04-30", "other")]
    [InlineData("PL", "2004-05-01", "EU")]
    [InlineData("UA", "2018-05-19", "CIS")]
    [InlineData("UA", "2018-05-20", "other")]
    [InlineData("CH", "2008-12-31", "other")]
    [InlineData("XX", "2008-12-31", "other")]
    public void Counts_the_first_and_the_last_day_of_a_membership_as_inside(string state, string day, string bloc) =>
        Reference.BlocOf(state, DateOnly.Parse(day)).ShouldBe(bloc);

    [Theory]
    [InlineData("EIO-2014", "DE", "PL", "2017-05-21", false)]
    [InlineData("EIO-2014", "DE", "PL", "2017-05-22", true)]
    [InlineData("EIO-2014", "GB", "PL", "2020-12-31", true)]
    [InlineData("EIO-2014", "GB", "PL", "2021-01-01", false)]
    [InlineData("EIO-2014", "DK", "PL", "2020-01-01", false)]
    [InlineData("EIO-2014", "PL", "IE", "2020-01-01", false)]
    [InlineData("EIO-2014", "BY", "PL", "2020-01-01", false)]
    [InlineData("EIO-2014", "PL", "PL", "2020-01-01", false)]
    [InlineData("UNTOC-2000", "DE", "PL", "2020-01-01", false)]
    [InlineData("CHISINAU-2002", "BY", "RU", "2020-01-01", false)]
    public void Binds_two_parties_among_themselves_only(string instrument, string a, string b, string day, bool binds) =>
        Reference.Binds(instrument, a, b, DateOnly.Parse(day)).ShouldBe(binds);

    [Theory]
    [InlineData("UK", "GB")]
    [InlineData("EL", "GR")]
    [InlineData("BY", "BY")]
    [InlineData("ZZ", "ZZ")]
    public void Knows_the_codes_the_EU_writes_differently(string written, string alpha2) =>
        ReferenceData.StateOfAlias(written).ShouldBe(alpha2);

    [Theory]
    [InlineData("BY", "2008-12-31", "2008-12-30T22:00:00Z", "2008-12-31T21:59:59.999999Z")] // winter time was still kept
    [InlineData("BY", "2026-07-01", "2026-06-30T21:00:00Z", "2026-07-01T20:59:59.999999Z")]
    [InlineData("PL", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59.999999Z")] // 23 hours
    [InlineData("PL", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59.999999Z")] // 25 hours
    [InlineData("LB", "2025-03-30", "2025-03-29T22:00:00Z", "2025-03-30T20:59:59.999999Z")] // begins at 01:00
    [InlineData("US", "2026-07-04", "2026-07-04T04:00:00Z", "2026-07-05T03:59:59.999999Z")]
    public void Bounds_a_day_by_the_clock_of_the_state(string state, string day, string start, string end)
    {
        Reference.StartOfDay(state, DateOnly.Parse(day)).ShouldBe(DateTimeOffset.Parse(start));
        Reference.EndOfDay(state, DateOnly.Parse(day)).ShouldBe(DateTimeOffset.Parse(end));
    }

    [Fact]
    public void Leaves_no_gap_and_no_overlap_between_two_days_of_any_state()
    {
        foreach (var state in Reference.States.Keys)
            for (var day = new DateOnly(2004, 1, 1); day.Year < 2030; day = day.AddDays(1))
            {
                var start = Reference.StartOfDay(state, day);
                Reference.Today(state, At(start)).ShouldBe(day, $"{state} {day:O}");
                Reference.Today(state, At(start.AddTicks(-1))).ShouldBe(day.AddDays(-1), $"{state} {day:O}");
            }
    }

    [Fact]
    public void Gives_instants_in_UTC_as_the_database_wants_them() =>
        Reference.StartOfDay("BY", new(2026, 1, 1)).Offset.ShouldBe(TimeSpan.Zero);

    [Fact]
    public void Carries_what_the_tables_say()
    {
        Reference.States.Count.ShouldBe(52);
        Reference.States["BY"].Alpha3.ShouldBe("BLR");
        Reference.States["AM"].Numeric.ShouldBe("051");
        Reference.Instruments["EIO-2014"].ShouldSatisfyAllConditions(
            i => i.Article.ShouldBe("12, 16"),
            i => (i.AcknowledgeDays, i.DecideDays, i.AnswerDays).ShouldBe((7, 30, 90)),
            i => i.Binding.ShouldBe(Binding.Yes));
        Reference.Instruments["BILATERAL"].ShouldSatisfyAllConditions(
            i => i.AnswerDays.ShouldBeNull(), i => i.Binding.ShouldBe(Binding.Unknown));
        Reference.Measures["interception"].CoerciveByDefault.ShouldBeTrue();
        Reference.Measures["service_of_documents"].CoerciveByDefault.ShouldBeFalse();
        Reference.Grounds["ne_bis_in_idem"].IsRefusal.ShouldBeTrue();
        Reference.Grounds["person_not_found"].IsRefusal.ShouldBeFalse();
    }

    static FixedTime At(DateTimeOffset now) => new(now);

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
