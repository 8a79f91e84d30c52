namespace Exchange.Reference.Tests;

public sealed class LegalDays
{
    static readonly ReferenceData Reference = ReferenceData.Load();

    [Theory]
    [InlineData("2008-12-31")]
    [InlineData("2024-02-29")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    public void Are_read_and_written_as_the_contracts_write_them(string iso)
    {
        LegalDay.Parse(iso).ToIso().ShouldBe(iso);
        LegalDay.ParseOptional(iso).ToIso().ShouldBe(iso);
        LegalDay.TryParse(iso, out var day).ShouldBeTrue();
        // As System.Text.Json and the round-trip format write a day.
        day.ToString("O", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(iso);
    }

    [Theory]
    [InlineData("31.12.2008")]
    [InlineData("2008-12")]
    [InlineData("20081231")]
    [InlineData("2008-13-01")]
    [InlineData("2023-02-29")]
    [InlineData("2008-12-31T00:00:00Z")]
    [InlineData(" 2008-12-31")]
    [InlineData("today")]
    public void Are_nothing_else(string text)
    {
        LegalDay.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => LegalDay.Parse(text));
        Should.Throw<FormatException>(() => LegalDay.ParseOptional(text));
    }

    [Fact]
    public void Are_absent_where_the_text_is_empty()
    {
        LegalDay.ParseOptional("").ShouldBeNull();
        ((DateOnly?)null).ToIso().ShouldBe("");
        LegalDay.TryParse("", out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => LegalDay.Parse(""));
    }

    [Fact]
    public void Are_counted_whole_across_changes_of_the_clock_and_leap_days()
    {
        new DateOnly(2026, 3, 30).DaysSince(new(2026, 3, 28)).ShouldBe(2);
        new DateOnly(2024, 3, 1).DaysSince(new(2024, 2, 28)).ShouldBe(2);
        new DateOnly(2024, 2, 28).DaysSince(new(2024, 3, 1)).ShouldBe(-2);
    }

    // Half past ten in the evening in London is half past one the next morning in Minsk.
    [Theory]
    [InlineData("BY", "2026-03-10")]
    [InlineData("GB", "2026-03-09")]
    public void Are_those_of_the_zone_of_the_state_that_acts(string state, string day)
    {
        var instant = new DateTimeOffset(2026, 3, 9, 22, 30, 0, TimeSpan.Zero);

        LegalDay.At(Reference.States[state], instant).ToIso().ShouldBe(day);
        Reference.DayAt(state, instant).ToIso().ShouldBe(day);
    }

    [Fact]
    public void Are_those_of_UTC_where_no_state_acts() =>
        Reference.DayAt(null, new(2026, 3, 10, 0, 30, 0, TimeSpan.FromHours(3))).ToIso().ShouldBe("2026-03-09");

    [Theory]
    [InlineData("1900-01-01", 1900, true)]
    [InlineData("1899-12-31", 1900, false)]
    [InlineData("1899-12-31", 1800, true)]
    [InlineData("0208-05-01", 1900, false)]
    [InlineData("", 1900, false)]
    [InlineData("31.12.2008", 1900, false)]
    public void That_somebody_entered_are_not_believed_before_a_year(string text, int earliestYear, bool believed) =>
        LegalDay.ParseEntered(text, earliestYear).ToIso().ShouldBe(believed ? text : "");

    [Theory]
    [InlineData("BY", "2026-03-29")]
    [InlineData("PL", "2026-03-29")] // Clocks go forward on this day.
    [InlineData("PL", "2026-10-25")] // Clocks go back on this day.
    [InlineData("EG", "2026-04-24")] // They go forward at midnight: the day begins at 01:00.
    public void Reach_from_their_first_instant_to_their_last(string state, string day)
    {
        var (at, of) = (Reference.States[state], LegalDay.Parse(day));
        var (start, end) = (LegalDay.StartOf(of, at), LegalDay.EndOf(of, at));

        (LegalDay.At(at, start), LegalDay.At(at, start.AddMicroseconds(-1))).ShouldBe((of, of.AddDays(-1)));
        (LegalDay.At(at, end), LegalDay.At(at, end.AddMicroseconds(1))).ShouldBe((of, of.AddDays(1)));
        LegalDay.StartOf(of.AddDays(1), at).ShouldBe(end.AddMicroseconds(1));
    }
}
