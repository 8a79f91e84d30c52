using System.Numerics;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>What a scan for overdue requests has found.</summary>
/// <param name="Total">How many requests are overdue, on whatever page.</param>
/// <param name="Rows">
/// The rows of the requests among which the page is: all that are due on the days on which those of the page and the one after it are due.
/// </param>
sealed record OverdueRows(int Total, int[] Rows);

/// <summary>
/// Finds the overdue requests that a query asks about, and among them those that can be on one page. The list is ordered by due day
/// and then by reference, and the column store knows due days but no references: so what is due on the first or the last day of the
/// page is found as a whole, and the references of the facts decide. What is found grows with the page and with the requests that
/// are due on one day, not with all requests.
/// </summary>
sealed class OverdueScan
{
    // Candidates are looked through when there are so many more than before, and never for fewer.
    const int LeastPruned = 4_096;

    readonly int size;
    readonly int first;
    readonly List<(int Due, int Location)> candidates = [];
    readonly HashSet<int> closed;

    // Not read-only: it is a mutable structure, see there.
    ScanFilter filter;
    int last = Timeline.Never;
    int prunedFrom = LeastPruned;
    int total;

    OverdueScan(FiguresQuery query, int[] closed, ReferenceData reference, ColumnStore store, int size, UnansweredPosition? after)
    {
        this.closed = store.LocationsOf(closed);
        (this.size, first) = (size, after?.DueOn.DayNumber ?? int.MinValue);
        filter = new(query, reference, store);
    }

    /// <summary>Scans the store.</summary>
    /// <param name="closed">Rows of requests that are closed to the caller, and left out.</param>
    /// <param name="size">How many requests the page holds.</param>
    /// <param name="after">The position of the last request of the page before; null for the first page.</param>
    public static OverdueRows Find(
        ColumnStore store, FiguresQuery query, int[] closed, ReferenceData reference, int size, UnansweredPosition? after)
    {
        var scan = new OverdueScan(query, closed, reference, store, size, after);
        foreach (var partition in store.Partitions.Where(partition => query.Matches(partition.States, out _)))
            scan.Add(partition);
        scan.Prune();
        int[] addresses = [.. scan.candidates.Where(one => one.Location >= 0).Select(one => one.Location)];
        var unpacked = scan.candidates.Where(one => one.Location < 0).Select(one => ~one.Location);
        return new(scan.total, [.. store.RowsAt(addresses), .. unpacked]);
    }

    void Add(Partition partition)
    {
        filter.Enter(partition);
        for (var number = 0; number < partition.Blocks.Count; number++)
        {
            var block = partition.Blocks[number];
            for (var place = 0; place < block.Length; place += TimelineLanes.Lanes)
            {
                filter.Load(block, place);
                var clocks = ClockLanes.At(block.Read(place), new(filter.Seen), new(filter.DueAfter));
                var overdue = clocks.FallenDue & clocks.IsOpen;
                if (overdue == Vector<int>.Zero)
                    continue;
                for (var lane = 0; lane < TimelineLanes.Lanes; lane++)
                    if (overdue[lane] != 0)
                        Offer(lane, clocks.Transmitted[lane], clocks.Due[lane], partition.AddressOf(number, place + lane));
            }
        }
        foreach (var (row, one) in partition.OutsideBlocks)
        {
            filter.Load(one);
            var clocks = ClockLanes.At(TimelineLanes.Of(one.Timeline, filter.Seen[0]), new(filter.Seen[0]), new(filter.DueAfter[0]));
            if ((clocks.FallenDue & clocks.IsOpen)[0] != 0)
                Offer(0, clocks.Transmitted[0], clocks.Due[0], ~row);
        }
    }

    /// <summary>Counts an overdue request, and keeps it where it may be on the page.</summary>
    /// <param name="location">Its address in the store, or the complement of its row where it is in no block.</param>
    void Offer(int lane, int transmitted, int due, int location)
    {
        // What is open has no answer that anybody recorded.
        if (!filter.Matches(lane, transmitted, Side.Unspecified, out _) || closed.Contains(location))
            return;
        total++;
        if (due < first || due > last)
            return;
        candidates.Add((due, location));
        if (candidates.Count >= prunedFrom)
            Prune();
    }

    /// <summary>
    /// Forgets what is due after the last day that can be on the page. Of the requests due on the first day all may be on pages
    /// before; so as many as the page holds, and one that says whether there is a next page, are counted from those due later.
    /// </summary>
    void Prune()
    {
        candidates.Sort((one, other) => one.Due.CompareTo(other.Due));
        var later = candidates.FindIndex(one => one.Due > first);
        if (later >= 0 && later + size < candidates.Count)
        {
            last = candidates[later + size].Due;
            candidates.RemoveAll(one => one.Due > last);
        }
        prunedFrom = (2 * candidates.Count) + LeastPruned;
    }
}
