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

    /// <summary>Width of the cell with the group's code and, where it is shown, its name; in characters.</summary>
    public int Label { get; private init; }

    public bool ShowsNames { get; private init; }

    /// <summary>Width of the bar that stands for a response rate of 100 %; in characters.</summary>
    public int Bar { get; private init; }

    /// <summary>Number of blanks between two columns.</summary>
    public int Gap { get; private init; }

    /// <summary>Width of the cell with the number answered, of the number that fell due; in characters.</summary>
    public int Answered { get; private init; }

    /// <summary>True where only rate, interval and counts fit on a line, and median, on time and silent do not.</summary>
    public bool IsNarrow { get; private init; }

    /// <summary>Shares out the width of a screen.</summary>
    /// <param name="width">Characters of a line.</param>
    /// <param name="longestCode">Characters of the longest code of a group.</param>
    /// <param name="longestName">Characters of the longest name of a group; 0 when they have none.</param>
    /// <param name="longestAnswered">Characters of the longest cell with the number answered.</param>
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
