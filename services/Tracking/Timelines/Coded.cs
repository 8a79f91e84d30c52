using System.Diagnostics.CodeAnalysis;

namespace Exchange.Tracking;

/// <summary>Few values that very many requests share, each kept once and numbered from 0 as it comes.</summary>
/// <param name="read">Reads a value from the bytes it is known by.</param>
sealed class Coded<T>(Func<ReadOnlySpan<byte>, T> read)
{
    readonly Dictionary<byte[], int> codes = new(new SameBytes());
    readonly List<T> values = [];
    long bytes;

    public IReadOnlyList<T> Values => values;

    /// <summary>About what it takes in memory: the bytes and twice as much for the value, and what a dictionary needs.</summary>
    public long Bytes => (3 * bytes) + (64L * values.Count);

    /// <summary>The number of the value; a new one where it was not seen before.</summary>
    public int CodeOf(ReadOnlySpan<byte> form)
    {
        if (codes.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(form, out var known))
            return known;
        values.Add(read(form));
        codes.Add(form.ToArray(), values.Count - 1);
        bytes += form.Length;
        return values.Count - 1;
    }

    sealed class SameBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        [return: NotNull]
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
