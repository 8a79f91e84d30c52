namespace Exchange.Cli;

/// <summary>How the width of the screen is shared out among the columns of the turnaround drawing.</summary>
/// <param name="Label">Code, and where there is room the name, of the group.</param>
/// <param name="Bar">The bar of the response rate, 0 to 100 %.</param>
/// <param name="Gap">Blanks between columns.</param>
sealed record TurnaroundLayout(int Label, int Bar, int Gap)
{
    public const int Indent = 2;
    public const int Rate = 6;
    public const int Interval = 9;
    public const int Median = 11;
    public const int Share = 6;

    const int SmallestBar = 10;
    const int LargestBar = 50;
    const int Columns = 6;

    /// <summary>Room for "1,756/1,756".</summary>
    public int Answered { get; private init; } = 9;

    /// <summary>Names are shown where a bar of decent length remains.</summary>
    public static TurnaroundLayout For(int width, int longestCode, int longestName, int longestAnswered)
    {
        var answered = Math.Max("answered".Length, longestAnswered);
        var gap = width >= 100 ? 2 : 1;
        var taken = Indent + Rate + Interval + answered + Median + 2 * Share + Columns * gap;
        var label = longestCode;
        if (longestName > 0 && width - taken - longestCode - 1 - longestName - 1 >= 24)
            label += 1 + longestName;
        var bar = Math.Clamp(width - taken - label - 1, SmallestBar, LargestBar);
        return new(label, bar, gap) { Answered = answered };
    }

    public bool ShowsNames(int longestCode) => Label > longestCode;
}
