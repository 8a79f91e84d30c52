using System.Runtime.CompilerServices;
using Exchange.Reference;

namespace Exchange.Tracking;

/// <summary>
/// One pass through timelines, by one thread: clocks are calculated as many at a time as a vector has lanes, and each request that
/// the query asks about is added to the aggregate of its bucket. Apart from one aggregate for each bucket it allocates nothing.
/// </summary>
/// <param name="query">What is asked.</param>
/// <param name="buckets">The buckets of the grouping.</param>
/// <param name="period">The period of the caseflow figures.</param>
sealed class AggregateScan(FiguresQuery query, Buckets buckets, Period period, ReferenceData reference, ColumnStore store)
{
    readonly GroupAggregate?[] aggregates = new GroupAggregate?[buckets.Count];
    readonly AggregateInput input = new(period);

    // By the code of the profile.
    readonly int[] alone = [.. store.Profiles.Select(profile => (int)profile.Alone)];

    // Not read-only: it is a mutable structure, see there.
    ScanFilter filter = new(query, reference, store);

    /// <summary>The aggregates of the buckets into which at least one request fell.</summary>
    public IEnumerable<(int Bucket, GroupAggregate Aggregate)> Aggregates() =>
        aggregates.Select((aggregate, bucket) => (bucket, aggregate)).Where(one => one.aggregate is not null)!;

    /// <summary>Adds the requests of a block that match.</summary>
    public void Add(Partition of, TimelineBlock block)
    {
        filter.Enter(of);
        for (var place = 0; place < block.Length; place += TimelineLanes.Lanes)
        {
            filter.Load(block, place);
            input.Set(ClockLanes.At(block.Read(place), new(filter.Seen), new(filter.DueAfter)));
            for (var lane = 0; lane < TimelineLanes.Lanes; lane++)
                Add(lane);
        }
    }

    /// <summary>Adds the requests of a partition that match and are in none of its blocks.</summary>
    public void AddUnpacked(Partition of)
    {
        filter.Enter(of);
        foreach (var (_, one) in of.OutsideBlocks)
        {
            filter.Load(one);
            input.Set(ClockLanes.At(TimelineLanes.Of(one.Timeline, filter.Seen[0]), new(filter.Seen[0]), new(filter.DueAfter[0])));
            Add(0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Add(int lane)
    {
        var transmitted = input.Transmitted(lane);
        var recordedBy = input.AnswerRecordedBy(lane);
        if (!filter.Matches(lane, transmitted, recordedBy, out var bloc))
            return;
        var profile = filter.Profiles[lane];
        ref var aggregate = ref aggregates[buckets.Of(filter.Partition!, bloc, profile, transmitted, recordedBy)];
        (aggregate ??= new(period)).Add(input, lane, alone[profile]);
    }
}
