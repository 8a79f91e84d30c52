using System.Numerics;
using System.Security.Cryptography;

namespace Exchange.Platform;

/// <summary>
/// A complete subtree of a Merkle tree: it stands over 2^<paramref name="Level"/> leaves and never changes once they are there.
/// </summary>
/// <param name="Level">0 for a leaf.</param>
/// <param name="Index">Which of its level, from 0.</param>
public readonly record struct MerkleNode(int Level, long Index);

/// <summary>
/// The Merkle tree of RFC 6962, section 2.1, over a list of entries that only grows. Whoever holds its root can be shown by some
/// thirty hashes that an entry stands at its place (inclusion), or that a newer root covers all that an older one did (consistency).
/// </summary>
public static class MerkleTree
{
    const byte LeafPrefix = 0;
    const byte NodePrefix = 1;

    /// <summary>The root of the tree without entries.</summary>
    public static byte[] EmptyRoot { get; } = SHA256.HashData([]);

    /// <summary>The hash of an entry as a leaf.</summary>
    public static byte[] HashLeaf(ReadOnlySpan<byte> entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([LeafPrefix]);
        hash.AppendData(entry);
        return hash.GetHashAndReset();
    }

    /// <summary>The hash of a node over its two subtrees.</summary>
    public static byte[] HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> bytes = stackalloc byte[1 + 2 * SHA256.HashSizeInBytes];
        bytes[0] = NodePrefix;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + SHA256.HashSizeInBytes)..]);
        return SHA256.HashData(bytes);
    }

    /// <summary>The complete subtrees that together stand over a range of leaves, from left to right.</summary>
    /// <param name="start">First leaf; a range of the tree, as <see cref="Inclusion"/> and <see cref="Consistency"/> name them.</param>
    /// <param name="end">The leaf after the last.</param>
    public static IEnumerable<MerkleNode> NodesOver(long start, long end)
    {
        while (start < end)
        {
            var level = Math.Min(start == 0 ? 62 : BitOperations.TrailingZeroCount(start), BitOperations.Log2((ulong)(end - start)));
            yield return new(level, start >> level);
            start += 1L << level;
        }
    }

    /// <summary>The hash over a range of leaves, out of the subtrees that <see cref="NodesOver"/> names.</summary>
    public static byte[] HashOver(long start, long end, Func<MerkleNode, byte[]> stored)
    {
        if (start == end)
            return EmptyRoot;
        // From the right: the smaller subtrees hang below the greater ones (RFC 6962, 2.1: k is the largest power of two below n).
        byte[]? hash = null;
        foreach (var node in NodesOver(start, end).Reverse())
            hash = hash is null ? stored(node) : HashNode(stored(node), hash);
        return hash!;
    }

    /// <summary>The ranges whose hashes prove that a leaf is in a tree, from the leaf upwards (RFC 6962, 2.1.1).</summary>
    /// <param name="index">The leaf, from 0.</param>
    /// <param name="size">Leaves of the tree; more than <paramref name="index"/>.</param>
    public static IReadOnlyList<(long Start, long End)> Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        List<(long, long)> path = [];
        for (var (start, end) = (0L, size); end - start > 1;)
        {
            var middle = start + SplitOf(end - start);
            path.Add(index < middle ? (middle, end) : (start, middle));
            (start, end) = index < middle ? (start, middle) : (middle, end);
        }
        path.Reverse();
        return path;
    }

    /// <summary>The ranges whose hashes prove that a tree begins with another (RFC 6962, 2.1.2).</summary>
    /// <param name="older">Leaves of the older tree, from 1.</param>
    /// <param name="newer">Leaves of the newer tree, not fewer.</param>
    public static IReadOnlyList<(long Start, long End)> Consistency(long older, long newer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(older, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(older, newer);
        List<(long, long)> path = [];
        var (start, end) = (0L, newer);
        while (end > older)
        {
            var middle = start + SplitOf(end - start);
            path.Add(older <= middle ? (middle, end) : (start, middle));
            (start, end) = older <= middle ? (start, middle) : (middle, end);
        }
        // Where the older tree is a complete subtree, whoever checks has its hash already: it is the older root.
        if (start > 0)
            path.Add((start, end));
        path.Reverse();
        return path;
    }

    /// <summary>The tree over leaves that are all there: its root, and for each leaf the proof of <see cref="Inclusion"/>.</summary>
    /// <param name="leaves">Hashes of leaves; at least one.</param>
    public static (byte[] Root, IReadOnlyList<IReadOnlyList<byte[]>> Proofs) Prove(IReadOnlyList<byte[]> leaves)
    {
        var proofs = leaves.Select(_ => new List<byte[]>(BitOperations.Log2((uint)leaves.Count) + 1)).ToArray();
        return (HashAndNote(0, leaves.Count), proofs);

        byte[] HashAndNote(int start, int end)
        {
            if (end - start == 1)
                return leaves[start];
            var middle = start + (int)SplitOf(end - start);
            var (left, right) = (HashAndNote(start, middle), HashAndNote(middle, end));
            for (var i = start; i < end; i++)
                proofs[i].Add(i < middle ? right : left);
            return HashNode(left, right);
        }
    }

    /// <summary>Whether the proof shows that the leaf is in the tree of this root (RFC 9162, 2.1.3.2).</summary>
    /// <param name="leaf">The leaf's hash.</param>
    /// <param name="index">Where it stands, from 0.</param>
    public static bool Includes(byte[] root, long size, byte[] leaf, long index, IReadOnlyList<byte[]> proof)
    {
        if (index < 0 || index >= size || !AreHashes(proof, root, leaf))
            return false;
        var (place, last, hash) = (index, size - 1, leaf);
        foreach (var sibling in proof)
        {
            if (last == 0)
                return false;
            hash = Climb(ref place, ref last) ? HashNode(sibling, hash) : HashNode(hash, sibling);
            (place, last) = (place >> 1, last >> 1);
        }
        return last == 0 && hash.AsSpan().SequenceEqual(root);
    }

    /// <summary>Whether the proof shows that the newer tree begins with the older one (RFC 9162, 2.1.4.2).</summary>
    public static bool Extends(byte[] olderRoot, long older, byte[] newerRoot, long newer, IReadOnlyList<byte[]> proof)
    {
        if (older < 1 || older > newer || !AreHashes(proof, olderRoot, newerRoot))
            return false;
        if (older == newer)
            return proof.Count == 0 && olderRoot.AsSpan().SequenceEqual(newerRoot);
        // A complete older tree is a node of the newer one, and its hash is not told again.
        IEnumerable<byte[]> path = BitOperations.IsPow2(older) ? [olderRoot, .. proof] : proof;
        if (path.FirstOrDefault() is not { } first)
            return false;
        var (place, last) = (older - 1, newer - 1);
        while ((place & 1) == 1)
            (place, last) = (place >> 1, last >> 1);
        var (inOlder, inNewer) = (first, first);
        foreach (var sibling in path.Skip(1))
        {
            if (last == 0)
                return false;
            if (Climb(ref place, ref last))
                (inOlder, inNewer) = (HashNode(sibling, inOlder), HashNode(sibling, inNewer));
            else
                inNewer = HashNode(inNewer, sibling);
            (place, last) = (place >> 1, last >> 1);
        }
        return last == 0 && inOlder.AsSpan().SequenceEqual(olderRoot) && inNewer.AsSpan().SequenceEqual(newerRoot);
    }

    /// <summary>
    /// Whether the sibling stands to the left. On the right edge of the tree a node without a sibling is its own parent, and so the climb
    /// goes on to the first level at which there is one.
    /// </summary>
    static bool Climb(ref long place, ref long last)
    {
        if ((place & 1) == 0 && place != last)
            return false;
        while ((place & 1) == 0 && place != 0)
            (place, last) = (place >> 1, last >> 1);
        return true;
    }

    static bool AreHashes(IReadOnlyList<byte[]> proof, byte[] one, byte[] other) =>
        proof.Append(one).Append(other).All(hash => hash.Length == SHA256.HashSizeInBytes);

    /// <summary>The largest power of two below the number, which is 2 or more.</summary>
    static long SplitOf(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
