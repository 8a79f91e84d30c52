using System.Globalization;

namespace Exchange.Testing;

/// <summary>
/// The three tables of a register by brute force, in the columns of <c>expected-turnaround.csv</c>,
/// <c>expected-rates.csv</c> and <c>expected-unanswered-eu.csv</c>. Undefined is empty.
/// </summary>
public sealed class RegisterByBruteForce
{
    static readonly string[] Blocs = ["EU", "CIS", "other"];

    static readonly (string Column, string Figure)[] TurnaroundColumns =
    [
        ("requests", "counts.requests"), ("answered", "counts.answered"), ("refused", "counts.refused"),
        ("withdrawn", "counts.withdrawn"), ("open", "counts.open"), ("fallen_due", "counts.fallen_due"),
        ("fallen_due_answered", "counts.fallen_due_answered"), ("fallen_due_on_time", "counts.fallen_due_on_time"),
        ("unanswered_overdue", "counts.unanswered_overdue"), ("response_rate", "rates.response.value"),
        ("median_days", "gross.median_days"), ("p90_days", "gross.p90_days"),
        ("still_waiting_30", "gross.still_waiting.30.share"), ("still_waiting_90", "gross.still_waiting.90.share"),
        ("still_waiting_180", "gross.still_waiting.180.share"), ("still_waiting_180_low", "gross.still_waiting.180.low"),
        ("still_waiting_180_high", "gross.still_waiting.180.high"), ("still_waiting_365", "gross.still_waiting.365.share"),
        ("executed_by_180", "first_outcomes.at.180.executed"),
        ("partially_executed_by_180", "first_outcomes.at.180.partially_executed"),
        ("refused_by_180", "first_outcomes.at.180.refused"), ("withdrawn_by_180", "first_outcomes.at.180.withdrawn"),
        ("executed_by_365", "first_outcomes.at.365.executed"), ("refused_by_365", "first_outcomes.at.365.refused"),
    ];

    static readonly (string Column, string Figure)[] RatesColumns =
    [
        ("fallen_due", "counts.fallen_due"), ("fulfilled", "counts.fulfilled"), ("partially", "counts.partially"),
        ("refused", "counts.fallen_due_refused"), ("silent", "counts.silent"), ("response_rate", "rates.response.value"),
        ("response_low", "rates.response.low"), ("response_high", "rates.response.high"),
        ("on_time_rate", "rates.on_time.value"), ("net_on_time_rate", "rates.net_on_time.value"),
        ("fulfilment_rate", "rates.fulfilment.value"), ("refusal_rate", "rates.refusal.value"),
        ("silence_rate", "rates.silence.value"), ("net_median_days", "net.median_days"),
        ("transmitted_in_year", "caseflow.transmitted"), ("ended_in_year", "caseflow.ended"), ("pending", "caseflow.pending"),
        ("clearance_rate", "caseflow.clearance_rate"), ("disposition_days", "caseflow.disposition_days"),
        ("age_0_30", "ages.days_0_30"), ("age_31_90", "ages.days_31_90"), ("age_91_180", "ages.days_91_180"),
        ("age_181_365", "ages.days_181_365"), ("age_over_365", "ages.over_365"),
    ];

    readonly NaiveBlocs blocs = new();
    readonly List<LetterAsOf> letters;
    readonly DateOnly asOf;

    /// <param name="rows">Sound rows of <c>requests.csv</c> by column name.</param>
    /// <param name="viewer">Whose outgoing requests count, alpha-2.</param>
    /// <param name="asOf">End of this day.</param>
    /// <param name="policyDays">Days a routine request may take; 180 unless configured otherwise.</param>
    /// <param name="urgentDays">Days an urgent one may take; 90 unless configured otherwise.</param>
    /// <param name="observedUntil">The last day the register was kept; the as-of day unless told otherwise.</param>
    public RegisterByBruteForce(
        IEnumerable<IReadOnlyDictionary<string, string>> rows, string viewer, DateOnly asOf, int policyDays = 180, int urgentDays = 90,
        DateOnly? observedUntil = null)
        : this(rows.Where(row => row["requesting_state"] == viewer)
            .Select(row => Letter.Of(row, policyDays, urgentDays, observedUntil ?? asOf)), asOf)
    {
    }

    /// <param name="letters">Outgoing letters of one state, whatever became of them.</param>
    /// <param name="asOf">End of this day.</param>
    public RegisterByBruteForce(IEnumerable<Letter> letters, DateOnly asOf)
    {
        this.asOf = asOf;
        this.letters = [.. letters.Select(letter => new LetterAsOf(letter, asOf, "policy")).Where(letter => letter.IsSent)];
    }

    /// <summary>ALL, EU, CIS, other, then partners; the rows of <c>expected-turnaround.csv</c>.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Turnaround() => Table(TurnaroundColumns);

    /// <summary>The same groups; the rows of <c>expected-rates.csv</c>, with the caseflow of the as-of day's year.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Rates() => Table(RatesColumns);

    /// <summary>What a bloc's states owe; the rows of <c>expected-unanswered-eu.csv</c>.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Unanswered(string bloc = "EU") =>
    [
        .. from letter in letters
           where letter.FallenDue && letter.IsOpen && BlocOf(letter) == bloc
           let row = new Dictionary<string, string>
           {
               ["reference"] = letter.Letter.Reference,
               ["requested_state"] = letter.Letter.RequestedState,
               ["transmitted_on"] = Iso(letter.Letter.Transmitted),
               ["due_on"] = Iso(letter.Due!.Value),
           }
           orderby row["due_on"], row["reference"]
           select row,
    ];

    List<Dictionary<string, string>> Table((string Column, string Figure)[] columns)
    {
        List<(string Group, Func<LetterAsOf, bool> Holds)> groups = [("ALL", _ => true)];
        groups.AddRange(Blocs.Select(bloc => (bloc, (Func<LetterAsOf, bool>)(l => BlocOf(l) == bloc))));
        groups.AddRange(letters.Select(l => l.Letter.RequestedState).Distinct().Order(StringComparer.Ordinal)
            .Select(state => (state, (Func<LetterAsOf, bool>)(l => l.Letter.RequestedState == state))));
        return [.. groups.Select(
            group => Row(group.Group, NaiveFigures.Of(letters.Where(group.Holds), new(asOf.Year, 1, 1), asOf), columns))];
    }

    static Dictionary<string, string> Row(string group, Dictionary<string, double> figures, (string Column, string Figure)[] columns)
    {
        var row = columns.ToDictionary(c => c.Column, c =>
            figures.TryGetValue(c.Figure, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : "");
        row["group"] = group;
        return row;
    }

    string BlocOf(LetterAsOf letter) => blocs.Of(letter.Letter.RequestedState, letter.Letter.Transmitted);

    static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
