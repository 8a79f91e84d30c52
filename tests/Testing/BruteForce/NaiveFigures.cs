namespace Exchange.Testing;

/// <summary>
/// Every figure of a group of letters by brute force, under the path of its field in the contract
/// (<c>counts.requests</c>, <c>gross.still_waiting.180.share</c>). What is not defined is not there.
/// </summary>
public static class NaiveFigures
{
    static readonly int[] Horizons = [30, 90, 180, 365];
    static readonly string[] Answers = ["executed", "partially_executed", "refused", "not_executable"];
    static readonly string[] Outcomes = [.. Answers, "withdrawn", "returned"];

    /// <summary>All figures; the period is that of the caseflow.</summary>
    public static Dictionary<string, double> Of(IEnumerable<LetterAsOf> letters, DateOnly periodFrom, DateOnly periodTo)
    {
        var sent = letters.Where(l => l.IsSent).ToList();
        var due = sent.Where(l => l.FallenDue).ToList();
        var open = sent.Where(l => l.IsOpen).ToList();
        var figures = new Dictionary<string, double>
        {
            ["counts.requests"] = sent.Count,
            ["counts.answered"] = sent.Count(l => l.IsAnswered),
            ["counts.refused"] = sent.Count(l => l.First == "refused"),
            ["counts.withdrawn"] = sent.Count(l => l.First == "withdrawn"),
            ["counts.returned"] = sent.Count(l => l.First == "returned"),
            ["counts.open"] = open.Count,
            ["counts.fallen_due"] = due.Count,
            ["counts.fallen_due_answered"] = due.Count(l => l.IsAnswered),
            ["counts.fallen_due_on_time"] = due.Count(l => l.OnTime),
            ["counts.unanswered_overdue"] = due.Count(l => l.IsOpen),
            ["counts.fallen_due_ended_otherwise"] = due.Count(l => l.EndedOtherwise),
            ["counts.fallen_due_net_on_time"] = due.Count(l => l.NetOnTime),
            ["counts.fulfilled"] = due.Count(l => l.First == "executed"),
            ["counts.partially"] = due.Count(l => l.First == "partially_executed"),
            ["counts.fallen_due_refused"] = due.Count(l => l.First == "refused"),
            ["counts.silent"] = due.Count(l => l.IsOpen && l.Unheard),
            ["counts.recorded_by_requesting_side"] = sent.Count(l => l.RecordedBy == "requesting_side"),
            // A register does not tell.
            ["counts.transmitted_alone"] = 0,
            ["counts.alone_confirmed"] = 0,
            ["counts.alone_lapsed"] = 0,
            ["ages.days_0_30"] = open.Count(l => l.Gross is >= 0 and <= 30),
            ["ages.days_31_90"] = open.Count(l => l.Gross is >= 31 and <= 90),
            ["ages.days_91_180"] = open.Count(l => l.Gross is >= 91 and <= 180),
            ["ages.days_181_365"] = open.Count(l => l.Gross is >= 181 and <= 365),
            ["ages.over_365"] = open.Count(l => l.Gross > 365),
            ["ages.oldest_days"] = open.Select(l => l.Gross).DefaultIfEmpty(0).Max(),
        };
        Rate(figures, "response", due, l => l.IsAnswered);
        Rate(figures, "on_time", due, l => l.OnTime);
        Rate(figures, "net_on_time", due, l => l.NetOnTime);
        Rate(figures, "fulfilment", due, l => l.First == "executed");
        Rate(figures, "refusal", due, l => l.First == "refused");
        Rate(figures, "silence", due, l => l.IsOpen && l.Unheard);
        Duration(figures, "gross", sent.Select(l => new NaiveTime(l.Gross, l.First)), Answers.Contains);
        Duration(figures, "net", sent.Select(l => new NaiveTime(l.Net, l.First)), Answers.Contains);
        Duration(figures, "final_answer", sent.Select(l => new NaiveTime(l.FinalDays, l.Final)), Answers.Contains);
        Duration(figures, "acknowledgement", sent.Select(l => Stage(l, l.Letter.Acknowledged)), _ => true);
        Duration(figures, "recognition", sent.Select(l => Stage(l, l.Letter.Recognised)), _ => true);
        Competing(figures, "first_outcomes", sent.Select(l => new NaiveTime(l.Gross, l.First)));
        Competing(figures, "final_outcomes", sent.Select(l => new NaiveTime(l.FinalDays, l.Final)));
        Caseflow(figures, sent, periodFrom, periodTo);
        return figures;
    }

    static NaiveTime Stage(LetterAsOf letter, DateOnly? reached) => new(letter.DaysTo(reached), reached is null ? null : "reached");

    static void Rate(Dictionary<string, double> figures, string name, List<LetterAsOf> due, Func<LetterAsOf, bool> counts)
    {
        if (due.Count == 0)
            return;
        double n = due.Count, p = due.Count(counts) / n, z = 1.959963984540054;
        var root = z * Math.Sqrt((p * (1 - p) / n) + (z * z / (4 * n * n)));
        figures[$"rates.{name}.value"] = p;
        figures[$"rates.{name}.low"] = (p + (z * z / (2 * n)) - root) / (1 + (z * z / n));
        figures[$"rates.{name}.high"] = (p + (z * z / (2 * n)) + root) / (1 + (z * z / n));
    }

    static void Duration(Dictionary<string, double> figures, string name, IEnumerable<NaiveTime> times, Func<string, bool> isEvent)
    {
        var survival = new NaiveSurvival([.. times], isEvent);
        figures[$"{name}.events"] = survival.Events;
        figures[$"{name}.observed"] = survival.Observed;
        if (survival.Observed == 0)
            return;
        if (survival.Quantile(0.5) is { } median)
            figures[$"{name}.median_days"] = median;
        if (survival.Quantile(0.1) is { } p90)
            figures[$"{name}.p90_days"] = p90;
        foreach (var day in Horizons)
        {
            figures[$"{name}.still_waiting.{day}.share"] = survival.Waiting(day);
            figures[$"{name}.still_waiting.{day}.at_risk"] = survival.AtRisk(day);
            if (survival.Interval(day) is not { } interval)
                continue;
            figures[$"{name}.still_waiting.{day}.low"] = interval.Low;
            figures[$"{name}.still_waiting.{day}.high"] = interval.High;
        }
    }

    static void Competing(Dictionary<string, double> figures, string name, IEnumerable<NaiveTime> times)
    {
        var survival = new NaiveSurvival([.. times], _ => true);
        if (survival.Observed == 0)
            return;
        foreach (var day in Horizons)
            foreach (var outcome in Outcomes)
                figures[$"{name}.at.{day}.{outcome}"] = survival.Incidence(outcome, day);
    }

    static void Caseflow(Dictionary<string, double> figures, List<LetterAsOf> sent, DateOnly from, DateOnly to)
    {
        double transmitted = sent.Count(l => l.Letter.Transmitted >= from && l.Letter.Transmitted <= to);
        double ended = sent.Count(l => l.FirstOn >= from && l.FirstOn <= to);
        double pending = sent.Count(l => l.Letter.Transmitted <= to && (l.FirstOn is null || l.FirstOn > to));
        figures["caseflow.transmitted"] = transmitted;
        figures["caseflow.ended"] = ended;
        figures["caseflow.pending"] = pending;
        if (transmitted > 0)
            figures["caseflow.clearance_rate"] = ended / transmitted;
        if (ended > 0)
            figures["caseflow.disposition_days"] = (to.DayNumber - from.DayNumber + 1) * pending / ended;
    }
}
