namespace Exchange.Testing;

/// <summary>A time, and how it ended; null while it has not.</summary>
public sealed record NaiveTime(int Days, string? Ended);

/// <summary>Kaplan-Meier and Aalen-Johansen as the textbook writes them: everything is counted anew for each day.</summary>
public sealed class NaiveSurvival
{
    const double Normal975 = 1.959963984540054;

    readonly IReadOnlyList<NaiveTime> times;
    readonly List<Step> steps = [];

    /// <param name="times">What was observed.</param>
    /// <param name="isEvent">Which ends are the event; the others only stop the observation.</param>
    public NaiveSurvival(IReadOnlyList<NaiveTime> times, Func<string, bool> isEvent)
    {
        this.times = times;
        var share = 1.0;
        foreach (var day in times.Where(t => t.Ended is { } ended && isEvent(ended)).Select(t => t.Days).Distinct().Order())
        {
            var events = times.Where(t => t.Days == day && t.Ended is { } ended && isEvent(ended)).ToList();
            var after = share * (1 - ((double)events.Count / AtRisk(day)));
            steps.Add(new(day, events, AtRisk(day), share, after));
            share = after;
        }
    }

    /// <summary>How many were observed.</summary>
    public int Observed => times.Count;

    /// <summary>How many ended with the event.</summary>
    public int Events => steps.Sum(step => step.Events.Count);

    /// <summary>How many had neither ended nor gone out of sight before that day.</summary>
    public int AtRisk(int day) => times.Count(t => t.Days >= day);

    /// <summary>The share that still waits after a day, S(t) of Kaplan and Meier, from 1 down to 0.</summary>
    public double Waiting(int day) => steps.LastOrDefault(step => step.Day <= day)?.After ?? 1;

    /// <summary>The smallest day with at most this share waiting; null when there is none.</summary>
    public int? Quantile(double share) => steps.FirstOrDefault(step => step.After <= share + 1e-9)?.Day;

    /// <summary>The 95 % interval of that share, by Greenwood on the log-log scale; null where the share is 0 or 1.</summary>
    public (double Low, double High)? Interval(int day)
    {
        var share = Waiting(day);
        if (share is <= 0 or >= 1)
            return null;
        var variance = steps.Where(s => s.Day <= day).Sum(s => s.Events.Count / ((double)s.AtRisk * (s.AtRisk - s.Events.Count)));
        var onLogLog = Normal975 * Math.Sqrt(variance) / Math.Log(share);
        var ends = new[] { Math.Exp(Math.Log(share) * Math.Exp(onLogLog)), Math.Exp(Math.Log(share) * Math.Exp(-onLogLog)) };
        return (ends.Min(), ends.Max());
    }

    /// <summary>The share that had ended in one way by a day; meant for <c>isEvent</c> true of every end.</summary>
    public double Incidence(string outcome, int day) => steps.Where(s => s.Day <= day)
        .Sum(s => s.Before * s.Events.Count(e => e.Ended == outcome) / s.AtRisk);

    sealed record Step(int Day, List<NaiveTime> Events, int AtRisk, double Before, double After);
}
