using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>
/// Divides all requests into buckets that do not overlap, so fine that every group of a grouping is the sum of some of them. A scan
/// adds each request to one bucket, also where a request belongs to several groups, as with several measures.
/// </summary>
sealed class Buckets
{
    const int Years = 10_000;
    const int BlocCount = 3;

    readonly Grouping grouping;
    readonly ColumnStore store;

    // Only for groupings by profile. By bucket, the groups it belongs to; and by code of the profile, its bucket.
    readonly List<string[]> groupsByBucket = [];
    readonly int[] bucketByProfile;

    /// <summary>The buckets of a grouping over what is in the store now.</summary>
    public Buckets(Grouping grouping, ColumnStore store)
    {
        (this.grouping, this.store) = (grouping, store);
        var known = new Dictionary<string, int>();
        bucketByProfile = IsByProfile ? [.. store.Profiles.Select(profile => BucketOf(known, GroupsOf(profile)))] : [];
    }

    /// <summary>The blocs; a bloc's index here is its number in a scan.</summary>
    public static IReadOnlyList<string> Blocs { get; } = [Reference.Blocs.EU, Reference.Blocs.CIS, Reference.Blocs.Other];

    /// <summary>How many buckets there are; they are numbered from 0.</summary>
    public int Count => grouping switch
    {
        Grouping.Partner => store.Partitions.Count * BlocCount,
        Grouping.Bloc => BlocCount,
        Grouping.Year => Years,
        Grouping.Quarter => Years * 4,
        Grouping.RecordedBy => 4,
        _ when IsByProfile => groupsByBucket.Count,
        _ => throw new ArgumentOutOfRangeException(nameof(grouping), grouping, null),
    };

    /// <summary>The bucket of a request.</summary>
    /// <param name="partition">The partition of its two states.</param>
    /// <param name="bloc">The number of the partner's bloc on the day of transmission.</param>
    /// <param name="profile">The code of its profile.</param>
    /// <param name="transmitted">The day number of transmission.</param>
    /// <param name="recordedBy">The side that recorded the first answer.</param>
    public int Of(Partition partition, int bloc, int profile, int transmitted, Side recordedBy) => grouping switch
    {
        Grouping.Partner => (partition.Number * BlocCount) + bloc,
        Grouping.Bloc => bloc,
        Grouping.Year => DateOnly.FromDayNumber(transmitted).Year,
        Grouping.Quarter => QuarterOf(DateOnly.FromDayNumber(transmitted)),
        Grouping.RecordedBy => (int)recordedBy,
        _ => bucketByProfile[profile],
    };

    /// <summary>The names of the groups that a bucket belongs to.</summary>
    /// <param name="bucket">Its number.</param>
    /// <param name="outgoing">Whether the viewer's partner is the requested state; the requesting one otherwise.</param>
    public IEnumerable<string> GroupsOf(int bucket, bool outgoing) => grouping switch
    {
        Grouping.Partner => [Blocs[bucket % BlocCount], PartnerOf(store.Partitions[bucket / BlocCount].States, outgoing)],
        Grouping.Bloc => [Blocs[bucket]],
        Grouping.Year => [$"{bucket:0000}"],
        Grouping.Quarter => [$"{bucket / 4:0000}-Q{(bucket % 4) + 1}"],
        Grouping.RecordedBy => [NameOf((Side)bucket)],
        _ => groupsByBucket[bucket],
    };

    /// <summary>The name of the group of an urgency.</summary>
    public static string NameOf(Urgency urgency) => urgency == Urgency.Urgent ? "urgent" : "routine";

    /// <summary>The name of the group of a side that recorded the first answer.</summary>
    public static string NameOf(Side side) => side switch
    {
        Side.RequestingSide => "requesting_side",
        Side.RequestedSide => "requested_side",
        _ => "none",
    };

    static string PartnerOf(StatePair states, bool outgoing) => outgoing ? states.Requested : states.Requesting;

    static int QuarterOf(DateOnly day) => (day.Year * 4) + ((day.Month - 1) / 3);

    bool IsByProfile => grouping is Grouping.Instrument or Grouping.Measure or Grouping.Offence or Grouping.UrgencyOfRequest;

    string[] GroupsOf(RequestProfile profile) => grouping switch
    {
        Grouping.Instrument => [profile.Instrument],
        Grouping.Measure => [.. profile.Measures],
        Grouping.Offence => [profile.Offence],
        _ => [NameOf(profile.Urgency)],
    };

    int BucketOf(Dictionary<string, int> known, string[] groups)
    {
        var key = string.Join('\n', groups);
        if (known.TryGetValue(key, out var bucket))
            return bucket;
        groupsByBucket.Add(groups);
        return known[key] = groupsByBucket.Count - 1;
    }
}
