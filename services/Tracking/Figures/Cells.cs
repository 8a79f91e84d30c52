using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>
/// Parts of all requests that share none, so fine that every group is some of them: each request is counted in one cell, and
/// groups are sums of cells.
/// </summary>
sealed class Cells
{
    const int Years = 10_000;
    const int BlocCount = 3;

    readonly Grouping grouping;
    readonly Columns columns;
    readonly List<string[]> named = [];
    readonly int[] byProfile;

    public Cells(Grouping grouping, Columns columns)
    {
        (this.grouping, this.columns) = (grouping, columns);
        var known = new Dictionary<string, int>();
        byProfile = IsOfProfile ? [.. columns.Profiles.Select(profile => NumberOf(known, GroupsOf(profile)))] : [];
    }

    /// <summary>Of the states' bloc, by its number.</summary>
    public static IReadOnlyList<string> Blocs { get; } = [Contracts.Blocs.EU, Contracts.Blocs.CIS, Contracts.Blocs.Other];

    public int Count => grouping switch
    {
        Grouping.Partner => columns.Partitions.Count * BlocCount,
        Grouping.Bloc => BlocCount,
        Grouping.Year => Years,
        Grouping.Quarter => Years * 4,
        Grouping.RecordedBy => 4,
        _ when IsOfProfile => named.Count,
        _ => throw new ArgumentOutOfRangeException(nameof(grouping), grouping, null),
    };

    /// <summary>Where a request counts.</summary>
    /// <param name="partition">Of its pair of states.</param>
    /// <param name="bloc">The partner's on the day of transmission.</param>
    /// <param name="profile">What it is about.</param>
    /// <param name="transmitted">The day of transmission, as a day number.</param>
    /// <param name="recordedBy">Who recorded the first answer.</param>
    public int Of(Partition partition, int bloc, int profile, int transmitted, Side recordedBy) => grouping switch
    {
        Grouping.Partner => (partition.Number * BlocCount) + bloc,
        Grouping.Bloc => bloc,
        Grouping.Year => DateOnly.FromDayNumber(transmitted).Year,
        Grouping.Quarter => QuarterOf(DateOnly.FromDayNumber(transmitted)),
        Grouping.RecordedBy => (int)recordedBy,
        _ => byProfile[profile],
    };

    /// <summary>The groups it is a part of.</summary>
    /// <param name="cell">Its number.</param>
    /// <param name="outgoing">Which of two states is the partner.</param>
    public IEnumerable<string> GroupsOf(int cell, bool outgoing) => grouping switch
    {
        Grouping.Partner => [Blocs[cell % BlocCount], columns.Partitions[cell / BlocCount].States is var states && outgoing ? states.Requested : states.Requesting],
        Grouping.Bloc => [Blocs[cell]],
        Grouping.Year => [$"{cell:0000}"],
        Grouping.Quarter => [$"{cell / 4:0000}-Q{(cell % 4) + 1}"],
        Grouping.RecordedBy => [NameOf((Side)cell)],
        _ => named[cell],
    };

    public static string NameOf(Urgency urgency) => urgency == Urgency.Urgent ? "urgent" : "routine";

    public static string NameOf(Side side) => side switch
    {
        Side.RequestingSide => "requesting_side",
        Side.RequestedSide => "requested_side",
        _ => "none",
    };

    static int QuarterOf(DateOnly day) => (day.Year * 4) + ((day.Month - 1) / 3);

    bool IsOfProfile => grouping is Grouping.Instrument or Grouping.Measure or Grouping.Offence or Grouping.UrgencyOfRequest;

    string[] GroupsOf(Profile profile) => grouping switch
    {
        Grouping.Instrument => [profile.Instrument],
        Grouping.Measure => [.. profile.Measures],
        Grouping.Offence => [profile.Offence],
        _ => [NameOf(profile.Urgency)],
    };

    int NumberOf(Dictionary<string, int> known, string[] groups)
    {
        var key = string.Join('\n', groups);
        if (known.TryGetValue(key, out var number))
            return number;
        named.Add(groups);
        return known[key] = named.Count - 1;
    }
}
