using Exchange.Contracts;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>The figures of a set of requests, a row per group.</summary>
sealed class Table(Question question, Grouping grouping, Period period, ReferenceData reference)
{
    const string All = "ALL";

    // Below so many a second core costs more than it gives.
    const int BlocksEach = 4;

    const int PiecesEach = 8;

    readonly string[] standing = [All, .. Standing(grouping)];

    /// <summary>Goes through all that may count, on several cores where there is much of it.</summary>
    public List<TurnaroundRow> Rows(Columns columns)
    {
        var cells = new Cells(grouping, columns);
        var partitions = columns.Partitions.Where(partition => question.Counts(partition.States, out _)).ToList();
        var blocks = partitions.SelectMany(partition => partition.Blocks.Select(block => (partition, block))).ToList();
        var scans = new Scan[Math.Clamp(blocks.Count / BlocksEach, 1, Environment.ProcessorCount)];
        for (var i = 0; i < scans.Length; i++)
            scans[i] = new(question, cells, period, reference, columns);
        // Whoever is done takes the next piece, for cores have other work as well. So few that a partner is seldom counted by two.
        var (pieces, next) = (scans.Length * PiecesEach, -1);
        Parallel.For(0, scans.Length, i =>
        {
            while (Interlocked.Increment(ref next) is var piece && piece < pieces)
                for (var at = blocks.Count * piece / pieces; at < blocks.Count * (piece + 1) / pieces; at++)
                    scans[i].Add(blocks[at].partition, blocks[at].block);
        });
        foreach (var partition in partitions)
            scans[0].AddAside(partition);

        var groups = standing.ToDictionary(group => group, _ => new List<Tally>());
        foreach (var (cell, tally) in scans.SelectMany(scan => scan.Tallies()))
            foreach (var group in cells.GroupsOf(cell, question.Outgoing).Prepend(All))
                (groups.TryGetValue(group, out var tallies) ? tallies : groups[group] = []).Add(tally);
        string[] names = [.. standing, .. groups.Keys.Except(standing).Order(StringComparer.Ordinal)];
        var rows = new TurnaroundRow[names.Length];
        Parallel.For(0, names.Length, i => rows[i] = SumOf(groups[names[i]]).Row(names[i], BlocOf(names[i])));
        return [.. rows];
    }

    Tally SumOf(List<Tally> tallies)
    {
        if (tallies is [var one])
            return one;
        var sum = new Tally(period);
        tallies.ForEach(sum.Add);
        return sum;
    }

    string BlocOf(string group) => grouping == Grouping.Partner && !standing.Contains(group) ? reference.BlocOf(group, question.AsOf) : "";

    /// <summary>Rows that are there even when nothing falls into them, in this order, before those that come by code.</summary>
    static string[] Standing(Grouping grouping) => grouping switch
    {
        Grouping.Partner or Grouping.Bloc => [.. Cells.Blocs],
        Grouping.UrgencyOfRequest => [Cells.NameOf(Urgency.Routine), Cells.NameOf(Urgency.Urgent)],
        Grouping.RecordedBy => [Cells.NameOf(Side.RequestedSide), Cells.NameOf(Side.RequestingSide), Cells.NameOf(Side.Unspecified)],
        _ => [],
    };
}
