using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Tracking;

/// <summary>
/// How many requests ended on each day after their transmission, by how they ended; kind 0 is "not ended, watched that
/// long". Grows with the days, not with the requests.
/// </summary>
sealed class DayCounts(int kinds)
{
    int[] counts = [];

    public int Kinds => kinds;

    /// <summary>All that was counted.</summary>
    public int Total()
    {
        var total = 0;
        foreach (var count in counts)
            total += count;
        return total;
    }

    /// <summary>One past the last day anything was counted on.</summary>
    public int Length() => (counts.AsSpan().LastIndexOfAnyExcept(0) + kinds) / kinds;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int day, int kind)
    {
        var at = (day * kinds) + kind;
        if ((uint)at >= (uint)counts.Length)
            Grow(at + 1);
        counts[at]++;
    }

    public void Add(DayCounts other)
    {
        if (counts.Length < other.counts.Length)
            Grow(other.counts.Length);
        var mine = MemoryMarshal.Cast<int, Vector<int>>(counts.AsSpan());
        var theirs = MemoryMarshal.Cast<int, Vector<int>>(other.counts.AsSpan());
        for (var i = 0; i < theirs.Length; i++)
            mine[i] += theirs[i];
        for (var i = theirs.Length * Vector<int>.Count; i < other.counts.Length; i++)
            counts[i] += other.counts[i];
    }

    /// <summary>The counts of one day by kind; empty after the last.</summary>
    public ReadOnlySpan<int> On(int day) => (day + 1) * kinds <= counts.Length ? counts.AsSpan(day * kinds, kinds) : [];

    void Grow(int length) => Array.Resize(ref counts, kinds * (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(256, (length + kinds - 1) / kinds)));
}
