using System.Diagnostics.CodeAnalysis;

namespace Exchange.Tracking;

/// <summary>
/// Dictionary encoding of a column: each distinct value is kept once and stands in the rows as its code, a number from 0 in the
/// order of first appearance. Codes are never given back.
/// </summary>
/// <param name="read">Decodes a value from the bytes that identify it; called once for each distinct value.</param>
sealed class DictionaryEncoding<T>(Func<ReadOnlySpan<byte>, T> read)
{
    readonly Dictionary<byte[], int> codes = new(new ByteComparer());
    readonly List<T> values = [];
    long bytes;

    /// <summary>The values by code.</summary>
    public IReadOnlyList<T> Values => values;

    /// <summary>
    /// An estimate of its memory in bytes: the identifying bytes, twice as much for the decoded value, and 64 for an entry of the
    /// dictionary.
    /// </summary>
    public long Bytes => (3 * bytes) + (64L * values.Count);

    /// <summary>The code of the value that these bytes identify; a new one where the value was not seen before.</summary>
    public int CodeOf(ReadOnlySpan<byte> encoded)
    {
        // The lookup by span allocates nothing, and nearly every value was seen before.
        if (codes.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(encoded, out var known))
            return known;
        values.Add(read(encoded));
        codes.Add(encoded.ToArray(), values.Count - 1);
        bytes += encoded.Length;
        return values.Count - 1;
    }

    sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
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
