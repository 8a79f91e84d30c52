using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>Calculates the figures of the requests that a query asks about, a row for each group.</summary>
/// <param name="grouping">Must be one that is specified.</param>
/// <param name="period">The period of the caseflow figures.</param>
sealed class TurnaroundTable(FiguresQuery query, Grouping grouping, Period period, ReferenceData reference)
{
    const string All = "ALL";

    // A further thread costs more than it gives where it has fewer blocks than this.
    const int BlocksPerThread = 4;

    // Threads take the blocks in pieces, because cores have other work as well and one may be slow. Few pieces, so that one partner's
    // requests are seldom counted by two threads, whose aggregates would have to be added.
    const int PiecesPerThread = 8;

    readonly string[] fixedGroups = [All, .. FixedGroups(grouping)];

    /// <summary>
    /// The rows: all requests; then the groups that are there even when nothing falls into them; then the others, by name. Uses
    /// several threads where there is much to scan, and returns when all are done.
    /// </summary>
    public List<TurnaroundRow> Rows(ColumnStore store)
    {
        var buckets = new Buckets(grouping, store);
        var partitions = store.Partitions.Where(partition => query.Matches(partition.States, out _)).ToList();
        var blocks = partitions.SelectMany(partition => partition.Blocks.Select(block => (partition, block))).ToList();
        var scans = new AggregateScan[Math.Clamp(blocks.Count / BlocksPerThread, 1, Environment.ProcessorCount)];
        for (var i = 0; i < scans.Length; i++)
            scans[i] = new(query, buckets, period, reference, store);
        var (pieces, next) = (scans.Length * PiecesPerThread, -1);
        Parallel.For(0, scans.Length, i =>
        {
            while (Interlocked.Increment(ref next) is var piece && piece < pieces)
                for (var at = blocks.Count * piece / pieces; at < blocks.Count * (piece + 1) / pieces; at++)
                    scans[i].Add(blocks[at].partition, blocks[at].block);
        });
        foreach (var partition in partitions)
            scans[0].AddUnpacked(partition);

        var groups = fixedGroups.ToDictionary(group => group, _ => new List<GroupAggregate>());
        foreach (var (bucket, aggregate) in scans.SelectMany(scan => scan.Aggregates()))
            foreach (var group in buckets.GroupsOf(bucket, query.Outgoing).Prepend(All))
                (groups.TryGetValue(group, out var aggregates) ? aggregates : groups[group] = []).Add(aggregate);
        string[] names = [.. fixedGroups, .. groups.Keys.Except(fixedGroups).Order(StringComparer.Ordinal)];
        var rows = new TurnaroundRow[names.Length];
        Parallel.For(0, names.Length, i => rows[i] = SumOf(groups[names[i]]).Row(names[i], BlocOf(names[i])));
        return [.. rows];
    }

    GroupAggregate SumOf(List<GroupAggregate> aggregates)
    {
        if (aggregates is [var one])
            return one;
        var sum = new GroupAggregate(period);
        aggregates.ForEach(sum.Add);
        return sum;
    }

    string BlocOf(string group) =>
        grouping == Grouping.Partner && !fixedGroups.Contains(group) ? reference.BlocOf(group, query.AsOf) : "";

    static string[] FixedGroups(Grouping grouping) => grouping switch
    {
        Grouping.Partner or Grouping.Bloc => [.. Buckets.Blocs],
        Grouping.UrgencyOfRequest => [Buckets.NameOf(Urgency.Routine), Buckets.NameOf(Urgency.Urgent)],
        Grouping.RecordedBy => [Buckets.NameOf(Side.RequestedSide), Buckets.NameOf(Side.RequestingSide), Buckets.NameOf(Side.Unspecified)],
        _ => [],
    };
}
