using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Tracking;

/// <summary>
/// How many requests ended on each day after their transmission, by how they ended; kind 0 is "not ended, watched that
/// long". Grows with the days, not with the requests.
/// </summary>
sealed class DayCounts
{
    const int Shortest = 256;

    // Each kind has a length of its own: what is open may be so for ten years, and what ended did so much sooner.
    readonly int[][] byKind;

    public DayCounts(int kinds)
    {
        byKind = new int[kinds][];
        Array.Fill(byKind, []);
    }

    public int Kinds => byKind.Length;

    /// <summary>All that was counted.</summary>
    public int Total()
    {
        var total = 0;
        foreach (var counts in byKind)
        {
            var sum = Vector<int>.Zero;
            foreach (var some in MemoryMarshal.Cast<int, Vector<int>>(counts.AsSpan()))
                sum += some;
            total += Vector.Sum(sum);
        }
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int day, int kind)
    {
        var counts = byKind[kind];
        if ((uint)day >= (uint)counts.Length)
            counts = Grow(kind, day + 1);
        counts[day]++;
    }

    public void Add(DayCounts other)
    {
        for (var kind = 0; kind < byKind.Length; kind++)
        {
            var theirs = other.byKind[kind];
            if (byKind[kind].Length < theirs.Length)
                Grow(kind, theirs.Length);
            AddTo(byKind[kind], theirs);
        }
    }

    /// <summary>The counts of one kind by day, up to its last day or somewhat beyond.</summary>
    public ReadOnlySpan<int> Of(int kind) => byKind[kind];

    /// <summary>Adds the counts of a kind to sums by day; those of later days than there are sums are left out.</summary>
    public void AddTo(Span<int> sums, int kind)
    {
        var counts = byKind[kind];
        AddTo(sums, counts.AsSpan(0, Math.Min(counts.Length, sums.Length)));
    }

    static void AddTo(Span<int> sums, ReadOnlySpan<int> counts)
    {
        var several = MemoryMarshal.Cast<int, Vector<int>>(counts);
        var severalSums = MemoryMarshal.Cast<int, Vector<int>>(sums);
        for (var i = 0; i < several.Length; i++)
            severalSums[i] += several[i];
        for (var i = several.Length * Vector<int>.Count; i < counts.Length; i++)
            sums[i] += counts[i];
    }

    int[] Grow(int kind, int length)
    {
        // Powers of two, of which a vector's length is one: a total needs to look at no rest.
        Array.Resize(ref byKind[kind], (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(Shortest, length)));
        return byKind[kind];
    }
}
