using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Tracking;

/// <summary>
/// A histogram of days: how many requests ended so many days after their transmission, by the kind of their end. Kind 0 is "not
/// ended, observed for so many days". It grows with the number of days, not with the number of requests.
/// </summary>
sealed class DayCounts
{
    // A power of two, and at least one vector.
    const int ShortestLength = 256;

    // By kind, the counts by day. Each kind has a length of its own: what is open may have been so for ten years, what ended did so
    // much sooner. Lengths are powers of two, so each is a multiple of a vector's lanes.
    readonly int[][] byKind;

    /// <summary>An empty histogram of so many kinds, numbered from 0.</summary>
    public DayCounts(int kinds)
    {
        byKind = new int[kinds][];
        Array.Fill(byKind, []);
    }

    public int Kinds => byKind.Length;

    /// <summary>How many requests were counted.</summary>
    public int Total()
    {
        var total = 0;
        foreach (var counts in byKind)
        {
            var sum = Vector<int>.Zero;
            foreach (var several in MemoryMarshal.Cast<int, Vector<int>>(counts.AsSpan()))
                sum += several;
            total += Vector.Sum(sum);
        }
        return total;
    }

    /// <summary>Counts one request.</summary>
    /// <param name="day">Days since transmission; at least 0.</param>
    /// <param name="kind">The kind of its end.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int day, int kind)
    {
        var counts = byKind[kind];
        // As unsigned: one comparison for both ends, and the runtime leaves its own out.
        if ((uint)day >= (uint)counts.Length)
            counts = Grow(kind, day + 1);
        counts[day]++;
    }

    /// <summary>Adds the counts of a histogram of as many kinds.</summary>
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

    /// <summary>The counts of one kind by day, from day 0; the length is beyond the last day that counts, or 0.</summary>
    public ReadOnlySpan<int> Of(int kind) => byKind[kind];

    /// <summary>Adds the counts of one kind to sums by day, from day 0. Counts of days for which there is no sum are left out.</summary>
    public void AddTo(Span<int> sums, int kind)
    {
        var counts = byKind[kind];
        AddTo(sums, counts.AsSpan(0, Math.Min(counts.Length, sums.Length)));
    }

    /// <summary>Adds counts to sums, vector by vector, and what is left behind the last full vector one by one.</summary>
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
        Array.Resize(ref byKind[kind], (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(ShortestLength, length)));
        return byKind[kind];
    }
}
