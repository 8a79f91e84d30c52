using Exchange.Requests.V1;

namespace Exchange.Client;

/// <summary>What a rebuild has found so far; told from time to time, each finding once.</summary>
public sealed class RebuildFindings(long entries, Func<RebuildProgress, Task> tell)
{
    const int MostNamed = 1_000;

    readonly RebuildProgress next = new() { Entries = entries, SealedNo = entries };
    int named;
    int namedBeyond;

    /// <summary>Rows that were not what the journal says.</summary>
    public long Differed => next.RowsDiffered;

    /// <summary>Versions that the journal does not hold.</summary>
    public long BeyondCount => next.BeyondCount;

    /// <summary>The journal was read so far.</summary>
    public void ReadUpTo(long sealedNo) => next.EntriesRead = sealedNo;

    /// <summary>So many more rows were compared.</summary>
    public void Compared(long rows) => next.RowsCompared += rows;

    /// <summary>A row was not what the journal says.</summary>
    public void Differs(string table, string request, int version, string what)
    {
        next.RowsDiffered++;
        if (++named <= MostNamed)
            next.Differences.Add(new RowDifference { Table = table, Request = request, Version = version, What = what });
    }

    /// <summary>
    /// A version that the journal does not hold. It is a row that differs, for nothing may stand here that does not stand there.
    /// </summary>
    public void Beyond(string table, BeyondJournal version)
    {
        Differs(table, version.Request, version.Version, "beyond");
        next.BeyondCount++;
        if (++namedBeyond <= MostNamed)
            next.Beyond.Add(version);
    }

    /// <summary>Tells how far it has come, and what was found since the last time.</summary>
    public async Task Tell(Action<RebuildProgress>? last = null)
    {
        if (last is not null)
        {
            next.Done = true;
            last(next);
        }
        await tell(next.Clone());
        next.Differences.Clear();
        next.Beyond.Clear();
    }
}
