namespace Exchange.Cli;

/// <summary>How the width of the screen is shared out among the columns of the turnaround drawing.</summary>
sealed record TurnaroundLayout
{
    public const int Rate = 6;
    public const int Interval = 9;
    public const int Median = 11;
    public const int OnTime = 7;
    public const int Silent = 6;

    const int SmallestBar = 10;
    const int SmallestBarBesideNames = 24;
    const int LargestBar = 50;

    /// <summary>Code, and where there is room the name, of the group.</summary>
    public int Label { get; private init; }

    public bool ShowsNames { get; private init; }

    /// <summary>The bar of the response rate, 0 to 100 %.</summary>
    public int Bar { get; private init; }

    /// <summary>Blanks between columns.</summary>
    public int Gap { get; private init; }

    /// <summary>Answered of fallen due.</summary>
    public int Answered { get; private init; }

    /// <summary>Rate, interval and counts only: what judges the rest does not fit.</summary>
    public bool IsNarrow { get; private init; }

    /// <param name="longestName">0: there are no names.</param>
    public static TurnaroundLayout For(int width, int longestCode, int longestName, int longestAnswered)
    {
        var gap = width >= 100 ? 2 : 1;
        var answered = Math.Max("answered".Length, longestAnswered);
        var narrow = Rate + Interval + answered + 4 * gap;
        var full = narrow + Median + OnTime + Silent + 3 * gap;
        var isNarrow = width - full - longestCode < SmallestBar;
        var room = width - (isNarrow ? narrow : full);
        var label = Math.Min(longestCode, Math.Max(2, room - SmallestBar));
        var showsNames = longestName > 0 && room - longestCode - 1 - longestName >= SmallestBarBesideNames;
        if (showsNames)
            label += 1 + longestName;
        return new()
        {
            Label = label,
            ShowsNames = showsNames,
            Bar = Math.Clamp(room - label, SmallestBar, LargestBar),
            Gap = gap,
            Answered = answered,
            IsNarrow = isNarrow,
        };
    }
}
