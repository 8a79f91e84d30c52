using Exchange.Tracking.V1;

namespace Exchange.Cli.Tests;

public sealed class Columns
{
    [Fact]
    public void Turnaround_has_the_columns_that_authorities_exchange() => Header(TurnaroundColumns.All).ShouldBe(
        "group,requests,answered,refused,withdrawn,open,fallen_due,fallen_due_answered,fallen_due_on_time,unanswered_overdue,response_rate,"
        + "median_days,p90_days,still_waiting_30,still_waiting_90,still_waiting_180,still_waiting_180_low,still_waiting_180_high,"
        + "still_waiting_365,executed_by_180,partially_executed_by_180,refused_by_180,withdrawn_by_180,executed_by_365,refused_by_365");

    [Fact]
    public void Rates_have_theirs() => Header(RatesColumns.All).ShouldBe(
        "group,fallen_due,fulfilled,partially,refused,silent,response_rate,response_low,response_high,on_time_rate,net_on_time_rate,"
        + "fulfilment_rate,refusal_rate,silence_rate,net_median_days,transmitted_in_year,ended_in_year,pending,clearance_rate,"
        + "disposition_days,age_0_30,age_31_90,age_91_180,age_181_365,age_over_365");

    [Fact]
    public void The_unanswered_have_theirs() =>
        Header(UnansweredCommand.Columns).ShouldBe("reference,requested_state,transmitted_on,due_on");

    [Fact]
    public void What_is_not_reached_or_not_defined_is_empty()
    {
        var line = Line(TurnaroundColumns.All, new() { Group = "PL" });
        line.ShouldBe("PL" + new string(',', TurnaroundColumns.All.Length - 1));
        Line(RatesColumns.All, new() { Group = "PL" }).ShouldBe("PL" + new string(',', RatesColumns.All.Length - 1));
    }

    [Fact]
    public void Shares_have_seven_significant_digits_and_counts_all()
    {
        const double third = 1.0 / 3;
        var row = new TurnaroundRow
        {
            Group = "PL", Rates = new() { Response = new() { Value = third } }, Gross = new() { MedianDays = 0 },
        };
        var cells = Line(TurnaroundColumns.All, row).Split(',');
        cells[10].ShouldBe("0.3333333");
        cells[11].ShouldBe("0");
    }

    [Fact]
    public void Cells_with_separators_are_quoted()
    {
        var output = new StringWriter();
        Csv.Write<string>(output, [new("a,b", row => row)], ["say \"no\"", "two\nlines", "plain"]);
        output.ToString().ShouldBe("\"a,b\"\n\"say \"\"no\"\"\"\n\"two\nlines\"\nplain\n");
    }

    static string Header<T>(Column<T>[] columns)
    {
        var output = new StringWriter();
        Csv.WriteHeader(output, columns);
        return output.ToString().TrimEnd('\n');
    }

    static string Line(Column<TurnaroundRow>[] columns, TurnaroundRow row)
    {
        var output = new StringWriter();
        Csv.WriteRow(output, columns, row);
        return output.ToString().TrimEnd('\n');
    }
}
