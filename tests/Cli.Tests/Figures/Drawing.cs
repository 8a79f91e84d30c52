using Exchange.Tracking.V1;

namespace Exchange.Cli.Tests;

public sealed class Drawing
{
    [Theory]
    [InlineData(80, true)]
    [InlineData(120, true)]
    [InlineData(80, false)]
    public void Partners_stand_under_their_bloc_with_bar_and_interval(int width, bool unicode) =>
        Approved.Matches($"partners-{width}{(unicode ? "" : "-ascii")}", Drawn(Grouping.Partner, Sample.Turnaround, width, unicode));

    [Fact]
    public void Other_groups_stand_below_each_other()
    {
        var answer = Sample.Turnaround.Clone();
        answer.Rows.Clear();
        answer.Rows.Add(Sample.Row("ALL", "", 5000, 4460, 2945, 2644, 1487, 808, 0.646282, 0.67407, 98));
        answer.Rows.Add(Sample.Row("joint_investigation_team_support", "", 12, 9, 3, 1, 6, 2, 0.1206, 0.6458, null));
        Approved.Matches("measures-80", Drawn(Grouping.Measure, answer, 80, true));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_screen(int width) =>
        Drawn(Grouping.Partner, Sample.Turnaround, width, true).Split('\n').Max(line => line.TrimEnd().Length)
            .ShouldBeLessThanOrEqualTo(width);

    [Fact]
    public void A_bar_ends_at_the_rate_and_the_whisker_at_the_upper_end()
    {
        var (bar, whisker) = RateBar.Draw(0.5, 0.4, 0.6, 10, Glyphs.Unicode);
        (bar + whisker).ShouldBe("████▒┤    ");
        bar.Length.ShouldBe(5);
    }

    [Theory]
    [InlineData(0, 0, 0.04)]
    [InlineData(1, 0.97, 1)]
    [InlineData(0.001, 0, 1)]
    [InlineData(0.999, 0.2, 0.9995)]
    public void A_bar_is_as_wide_as_asked(double value, double low, double high)
    {
        var (bar, whisker) = RateBar.Draw(value, low, high, 24, Glyphs.Ascii);
        (bar + whisker).Length.ShouldBe(24);
    }

    [Theory]
    [InlineData(0.9999, "99.9 %")]
    [InlineData(0.0001, "0.1 %")]
    [InlineData(1.0, "100 %")]
    [InlineData(0.0, "0 %")]
    [InlineData(0.442433, "44.2 %")]
    public void All_and_none_are_said_only_of_all_and_none(double share, string text) => RateBar.Percent(share).ShouldBe(text);

    [Fact]
    public void Every_partner_has_a_line_in_order_of_codes()
    {
        var lines = Drawn(Grouping.Partner, Sample.Turnaround, 100, true).Split('\n').Select(line => line.TrimStart()).ToList();
        lines.FindIndex(line => line.StartsWith("DE ", StringComparison.Ordinal))
            .ShouldBeLessThan(lines.FindIndex(line => line.StartsWith("PL ", StringComparison.Ordinal)));
        lines.ShouldContain("EU partners answered 44.2 % (953 of 2,154) of what fell due by 2008-12-31; 1,177 unanswered.");
    }

    [Fact]
    public void A_request_is_shown_day_by_day()
    {
        var output = new StringWriter { NewLine = "\n" };
        RequestPage.Draw(ProcessContext.ConsoleOf(output, new(80, false, true, false)), Sample.Request, []);
        Approved.Matches("request-80", output.ToString());
    }

    static string Drawn(Grouping grouping, GetTurnaroundResponse answer, int width, bool unicode)
    {
        var output = new StringWriter { NewLine = "\n" };
        TurnaroundPlot.Draw(ProcessContext.ConsoleOf(output, new(width, false, unicode, false)), new() { Grouping = grouping }, answer);
        return output.ToString();
    }
}
