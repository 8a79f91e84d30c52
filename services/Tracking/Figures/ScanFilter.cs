using System.Runtime.CompilerServices;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// Decides which timelines of a column store a query asks about, and gives what their clocks need of the query. Everything that
/// depends on a code alone (profile, time limits, bloc, side) is calculated once for each code beforehand, so that a scan only
/// looks it up by the code of each request.
/// </summary>
/// <remarks>
/// A mutable structure, because a scan holds it in a field and so reaches its arrays without a further indirection. It must not be
/// copied: keep it in a field that is not read-only.
/// </remarks>
struct ScanFilter
{
    readonly FiguresQuery query;
    readonly ReferenceData reference;

    // By the number of the bloc, the code of the profile and the side: whether the query asks about it.
    readonly bool[] blocMatches;
    readonly bool[] profileMatches;
    readonly bool[] sideMatches;

    // Days of transmission asked about.
    readonly int from;
    readonly int to;

    // By the code of the time limits.
    readonly int[] seenByLimits;
    readonly int[] dueAfterByLimits;

    // By lane, of the requests loaded last.
    readonly int[] seen = new int[TimelineLanes.Lanes];
    readonly int[] dueAfter = new int[TimelineLanes.Lanes];
    readonly int[] profiles = new int[TimelineLanes.Lanes];

    // The partner's blocs, each from its first day on, in order.
    (int From, int Bloc)[] blocs = [];

    /// <summary>The filter of a query over what is in the store now.</summary>
    public ScanFilter(FiguresQuery query, ReferenceData reference, ColumnStore store)
    {
        (this.query, this.reference) = (query, reference);
        blocMatches = [.. Buckets.Blocs.Select(query.Filter.Matches)];
        profileMatches = [.. store.Profiles.Select(query.Matches)];
        sideMatches = [.. Enum.GetValues<Side>().Order().Select(query.Filter.Matches)];
        (from, to) = (query.Filter.From.DayNumber, query.Filter.To.DayNumber);
        seenByLimits = [.. store.Limits.Select(limits => limits.SeenOn(query.AsOf.DayNumber))];
        dueAfterByLimits = [.. store.Limits.Select(limits => limits.DaysOf(query.Kind))];
    }

    /// <summary>By lane, the day number at which the request is seen.</summary>
    public readonly int[] Seen => seen;

    /// <summary>By lane, the days from transmission to the due day, or never.</summary>
    public readonly int[] DueAfter => dueAfter;

    /// <summary>By lane, the code of the profile.</summary>
    public readonly int[] Profiles => profiles;

    /// <summary>The partition whose requests are being scanned; null before the first.</summary>
    public Partition? Partition { get; private set; }

    /// <summary>Goes over to the requests of a partition, which must be one that the query asks about.</summary>
    public void Enter(Partition partition)
    {
        if (Partition == partition)
            return;
        Partition = partition;
        query.Matches(partition.States, out var partner);
        blocs = [.. reference.BlocsOf(partner).Select(b => (b.From.DayNumber, NumberOf(b.Bloc)))];
    }

    /// <summary>Loads the lanes with what the requests from this place on need.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Load(TimelineBlock block, int place)
    {
        var limitCodes = block.LimitCodes.Slice(place, TimelineLanes.Lanes);
        var profileCodes = block.ProfileCodes.Slice(place, TimelineLanes.Lanes);
        for (var lane = 0; lane < limitCodes.Length; lane++)
        {
            seen[lane] = seenByLimits[limitCodes[lane]];
            dueAfter[lane] = dueAfterByLimits[limitCodes[lane]];
            profiles[lane] = profileCodes[lane];
        }
    }

    /// <summary>Loads the first lane with what a timeline that is not in a block needs.</summary>
    public readonly void Load(UnpackedTimeline one) => (seen[0], dueAfter[0], profiles[0]) =
        (one.Timeline.Limits.SeenOn(query.AsOf.DayNumber), one.Timeline.Limits.DaysOf(query.Kind), one.Profile);

    /// <summary>Whether the query asks about the request in a lane. An empty place is never transmitted, and so never matches.</summary>
    /// <param name="lane">A lane that was loaded.</param>
    /// <param name="transmitted">The day number of transmission.</param>
    /// <param name="recordedBy">The side that recorded the first answer.</param>
    /// <param name="bloc">
    /// The number of the partner's bloc on the day of transmission; means nothing where the request does not match.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Matches(int lane, int transmitted, Side recordedBy, out int bloc)
    {
        bloc = 0;
        if (transmitted < from || transmitted > Math.Min(to, seen[lane]) || !profileMatches[profiles[lane]]
            || !sideMatches[(int)recordedBy])
            return false;
        bloc = BlocOn(transmitted);
        return blocMatches[bloc];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly int BlocOn(int day)
    {
        var bloc = blocs[0].Bloc;
        for (var i = 1; i < blocs.Length && blocs[i].From <= day; i++)
            bloc = blocs[i].Bloc;
        return bloc;
    }

    static int NumberOf(string bloc)
    {
        for (var i = 0; i < Buckets.Blocs.Count; i++)
            if (Buckets.Blocs[i] == bloc)
                return i;
        throw new ArgumentOutOfRangeException(nameof(bloc), bloc, null);
    }
}
