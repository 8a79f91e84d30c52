namespace Exchange.Tracking;

/// <summary>
/// How many requests ended on each day after their transmission, by how they ended; kind 0 is "not ended, watched that
/// long". Grows with the days, not with the requests.
/// </summary>
sealed class DayCounts
{
    readonly List<int[]> days = [];
    readonly int kinds;

    public DayCounts(int kinds) => this.kinds = kinds;

    public int Total { get; private set; }

    /// <summary>One past the last day anything was counted on.</summary>
    public int Length => days.Count;

    public void Add(int day, int kind)
    {
        while (days.Count <= day)
            days.Add([]);
        if (days[day].Length == 0)
            days[day] = new int[kinds];
        days[day][kind]++;
        Total++;
    }

    /// <summary>The counts of one day by kind; empty where there are none.</summary>
    public ReadOnlySpan<int> On(int day) => day < days.Count ? days[day] : [];
}
