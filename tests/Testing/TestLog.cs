using Exchange.Platform;

namespace Exchange.Testing;

/// <summary>
/// The Merkle tree over leaves that a test holds in memory, computed as RFC 6962 defines it, from the whole of its leaves each time.
/// </summary>
public sealed class TestLog(IReadOnlyList<byte[]> leaves)
{
    /// <summary>The root of the tree over the first leaves.</summary>
    public byte[] Root(long size) => HashOver(0, size);

    /// <summary>The hashes that prove an entry to be in the tree over the first <paramref name="size"/> entries.</summary>
    /// <param name="sealedNo">Its number, from 1.</param>
    public IReadOnlyList<byte[]> Inclusion(long sealedNo, long size) =>
        [.. MerkleTree.Inclusion(sealedNo - 1, size).Select(range => HashOver(range.Start, range.End))];

    /// <summary>The hashes that prove that the tree over more entries begins with that over fewer.</summary>
    public IReadOnlyList<byte[]> Consistency(long older, long newer) => older == 0 ? []
        : [.. MerkleTree.Consistency(older, newer).Select(range => HashOver(range.Start, range.End))];

    // RFC 6962, 2.1: the hash of a list is that of its two halves, the left one of the largest power of two below its length.
    byte[] HashOver(long start, long end)
    {
        if (end - start < 2)
            return start == end ? MerkleTree.EmptyRoot : leaves[(int)start];
        var half = 1L;
        while (half * 2 < end - start)
            half *= 2;
        return MerkleTree.HashNode(HashOver(start, start + half), HashOver(start + half, end));
    }
}
