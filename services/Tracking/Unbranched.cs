using System.Runtime.CompilerServices;

namespace Exchange.Tracking;

/// <summary>
/// Choices without a jump. Whether a request was acknowledged, answered or late is a toss for the processor; without jumps ten
/// million of them take the same time whatever became of them.
/// </summary>
static class Unbranched
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int One(bool holds) => Unsafe.BitCast<bool, byte>(holds);

    /// <summary>The value, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int If(bool holds, int value) => -One(holds) & value;

    /// <summary>One of two, neither of which is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Choose(bool first, int one, int other) => other + (-One(first) & (one - other));

    /// <summary>The smaller of two, neither of which is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Least(int one, int other) => other + ((one - other) & ((one - other) >> 31));

    /// <summary>The greater of two, neither of which is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Greatest(int one, int other) => one - ((one - other) & ((one - other) >> 31));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NotNegative(int value) => value & ~(value >> 31);
}
