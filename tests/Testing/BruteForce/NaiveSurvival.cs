namespace Exchange.Testing;

/// <summary>A time, and how it ended; null while it has not.</summary>
public sealed record NaiveTime(int Days, string? Ended);

/// <summary>Kaplan-Meier and Aalen-Johansen as the textbook writes them: everything is counted anew for each day.</summary>
public sealed class NaiveSurvival(IReadOnlyList<NaiveTime> times, Func<string, bool> isEvent)
{
    const double Normal975 = 1.959963984540054;

    readonly int[] eventDays = [.. times.Where(t => t.Ended is { } ended && isEvent(ended)).Select(t => t.Days).Distinct().Order()];

    /// <summary>How many were observed.</summary>
    public int Observed => times.Count;

    /// <summary>How many ended with the event.</summary>
    public int Events => eventDays.Sum(EventsOn);

    /// <summary>How many had neither ended nor gone out of sight before that day.</summary>
    public int AtRisk(int day) => times.Count(t => t.Days >= day);

    /// <summary>S(day).</summary>
    public double Waiting(int day)
    {
        var share = 1.0;
        foreach (var eventDay in eventDays.Where(d => d <= day))
            share *= 1 - ((double)EventsOn(eventDay) / AtRisk(eventDay));
        return share;
    }

    /// <summary>The smallest day with at most this share waiting; null when there is none.</summary>
    public int? Quantile(double share)
    {
        foreach (var day in eventDays)
            if (Waiting(day) <= share + 1e-9)
                return day;
        return null;
    }

    /// <summary>Greenwood, log-log; null where the share is 0 or 1.</summary>
    public (double Low, double High)? Interval(int day)
    {
        var share = Waiting(day);
        if (share is <= 0 or >= 1)
            return null;
        var variance = eventDays.Where(d => d <= day).Sum(d => EventsOn(d) / ((double)AtRisk(d) * (AtRisk(d) - EventsOn(d))));
        var onLogLog = Normal975 * Math.Sqrt(variance) / Math.Log(share);
        var ends = new[] { Math.Exp(Math.Log(share) * Math.Exp(onLogLog)), Math.Exp(Math.Log(share) * Math.Exp(-onLogLog)) };
        return (ends.Min(), ends.Max());
    }

    /// <summary>The share that had ended in one way by a day; meant for <c>isEvent</c> true of every end.</summary>
    public double Incidence(string outcome, int day) => eventDays.Where(d => d <= day).Sum(d =>
        Waiting(d - 1) * times.Count(t => t.Days == d && t.Ended == outcome) / AtRisk(d));

    int EventsOn(int day) => times.Count(t => t.Days == day && t.Ended is { } ended && isEvent(ended));
}
