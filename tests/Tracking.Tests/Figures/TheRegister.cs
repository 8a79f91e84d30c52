using System.Globalization;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;

namespace Exchange.Tracking.Tests;

/// <summary>The register of 2004 to 2008, whose figures were computed with the R package survival 3.5.</summary>
public sealed class TheRegister
{
    static readonly DateOnly ObservedUntil = new(2008, 12, 31);
    static readonly IReadOnlyList<IReadOnlyDictionary<string,
        string>> Rows = Csv.Read(Repository.PathOf("deploy/local/register-2004-2008/requests.csv"));

    static readonly List<RequestFacts> Facts =
        [.. Rows.Select(row => new Known(Guid.CreateVersion7(), 1, DateTimeOffset.UnixEpoch,
            Testing.Letter.Of(row, 180, 90, ObservedUntil)).Facts())];

    /// <summary>Where a column of the expected files is found in a row of the contract.</summary>
    static readonly Dictionary<string, string> Turnaround = new()
    {
        ["requests"] = "counts.requests", ["answered"] = "counts.answered", ["refused"] = "counts.refused",
        ["withdrawn"] = "counts.withdrawn", ["open"] = "counts.open", ["fallen_due"] = "counts.fallen_due",
        ["fallen_due_answered"] = "counts.fallen_due_answered", ["fallen_due_on_time"] = "counts.fallen_due_on_time",
        ["unanswered_overdue"] = "counts.unanswered_overdue", ["response_rate"] = "rates.response.value",
        ["median_days"] = "gross.median_days", ["p90_days"] = "gross.p90_days",
        ["still_waiting_30"] = "gross.still_waiting.30.share", ["still_waiting_90"] = "gross.still_waiting.90.share",
        ["still_waiting_180"] = "gross.still_waiting.180.share", ["still_waiting_180_low"] = "gross.still_waiting.180.low",
        ["still_waiting_180_high"] = "gross.still_waiting.180.high", ["still_waiting_365"] = "gross.still_waiting.365.share",
        ["executed_by_180"] = "first_outcomes.at.180.executed",
        ["partially_executed_by_180"] = "first_outcomes.at.180.partially_executed",
        ["refused_by_180"] = "first_outcomes.at.180.refused", ["withdrawn_by_180"] = "first_outcomes.at.180.withdrawn",
        ["executed_by_365"] = "first_outcomes.at.365.executed", ["refused_by_365"] = "first_outcomes.at.365.refused",
    };

    static readonly Dictionary<string, string> Rates = new()
    {
        ["fallen_due"] = "counts.fallen_due", ["fulfilled"] = "counts.fulfilled", ["partially"] = "counts.partially",
        ["refused"] = "counts.fallen_due_refused", ["silent"] = "counts.silent", ["response_rate"] = "rates.response.value",
        ["response_low"] = "rates.response.low", ["response_high"] = "rates.response.high",
        ["on_time_rate"] = "rates.on_time.value", ["net_on_time_rate"] = "rates.net_on_time.value",
        ["fulfilment_rate"] = "rates.fulfilment.value", ["refusal_rate"] = "rates.refusal.value",
        ["silence_rate"] = "rates.silence.value", ["net_median_days"] = "net.median_days",
        ["transmitted_in_year"] = "caseflow.transmitted", ["ended_in_year"] = "caseflow.ended", ["pending"] = "caseflow.pending",
        ["clearance_rate"] = "caseflow.clearance_rate", ["disposition_days"] = "caseflow.disposition_days",
        ["age_0_30"] = "ages.days_0_30", ["age_31_90"] = "ages.days_31_90", ["age_91_180"] = "ages.days_91_180",
        ["age_181_365"] = "ages.days_181_365", ["age_over_365"] = "ages.over_365",
    };

    [Fact]
    public void Has_the_turnaround_that_R_computed() => ShouldBeAsExpected("expected-turnaround.csv", Turnaround);

    [Fact]
    public void Has_the_rates_caseflow_and_ages_that_R_computed() => ShouldBeAsExpected("expected-rates.csv", Rates);

    [Fact]
    public void Owes_the_requests_that_R_listed()
    {
        var question = new QueryReader(Figures.Reference, TimeProvider.System, "BY")
            .Read(default, "2008-12-31", null, new() { Blocs = { "EU" } }, default);
        var page = new UnansweredPage(10_000, null);
        foreach (var facts in Facts)
            if (question.Select(facts, Figures.Reference) is { Clock.Overdue: true } seen)
                page.Offer(seen);

        page.Items.Select(i => i.Request)
            .Select(r => $"{r.Facts.Reference},{r.Partner},{r.Facts.TransmittedOn},{r.Clock.DueOn.ToIso()}")
            .ShouldBe(Expected("expected-unanswered-eu.csv")
                .Select(r => $"{r["reference"]},{r["requested_state"]},{r["transmitted_on"]},{r["due_on"]}"));
        page.Total.ShouldBe(1_177);
    }

    [Fact]
    public void Accuses_nobody_after_its_last_day()
    {
        var later = Figures.Of(Facts,
            new() { Grouping = Grouping.Bloc, AsOf = "2020-06-30", PeriodFrom = "2008-01-01", PeriodTo = "2008-12-31" });
        var then = Figures.Of(Facts, new() { Grouping = Grouping.Bloc, AsOf = "2008-12-31" });

        later.ShouldBe(then);
    }

    [Fact]
    public void Comes_out_the_same_by_brute_force()
    {
        var naive = new RegisterByBruteForce(Rows, "BY", ObservedUntil);

        ShouldMatch(naive.Turnaround(), Expected("expected-turnaround.csv"), (row, column) => row[column]);
        ShouldMatch(naive.Rates(), Expected("expected-rates.csv"), (row, column) => row[column]);
        naive.Unanswered().Select(r => r["reference"]).ShouldBe(Expected("expected-unanswered-eu.csv").Select(r => r["reference"]));
    }

    static void ShouldBeAsExpected(string file, Dictionary<string, string> columns)
    {
        var rows = Figures.Of(Facts, new() { Grouping = Grouping.Partner, AsOf = "2008-12-31" });
        var figures = rows.ToDictionary(row => row.Group, row => row.ByPath());

        Expected(file).Select(row => row["group"]).ShouldBe(rows.Select(row => row.Group));
        ShouldMatch(rows, Expected(file), (row, column) => column == "group" ? row.Group
            : figures[row.Group].TryGetValue(columns[column], out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : "");
    }

    static void ShouldMatch<T>(IReadOnlyList<T> rows, IReadOnlyList<IReadOnlyDictionary<string, string>> expected, Func<T, string,
        string> cell)
    {
        rows.Count.ShouldBe(expected.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            foreach (var (column, text) in expected[i])
            {
                var actual = cell(rows[i], column);
                if (double.TryParse(text, CultureInfo.InvariantCulture, out var value))
                    Near(actual, value).ShouldBeTrue($"{expected[i]["group"]} {column} is {actual}, expected {text}");
                else
                    actual.ShouldBe(text, $"{expected[i]["group"]} {column}");
            }
        }
    }

    // The files hold seven significant digits.
    static bool Near(string actual, double expected) =>
        double.TryParse(actual, CultureInfo.InvariantCulture, out var value)
            && Math.Abs(value - expected) <= 1e-6 * Math.Max(1, Math.Abs(expected));

    static IReadOnlyList<IReadOnlyDictionary<string, string>> Expected(string file) =>
        Csv.Read(Repository.PathOf($"tests/System.Tests/Expected/{file}"));
}
