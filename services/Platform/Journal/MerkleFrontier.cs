using System.Numerics;
using System.Security.Cryptography;

namespace Exchange.Platform;

/// <summary>
/// The right edge of a Merkle tree: the complete subtrees that together stand over all its leaves, at most one of each size. It gives the
/// root, and takes in further leaves, without any leaf before. Not safe for several threads.
/// </summary>
public sealed class MerkleFrontier
{
    // One hash for each bit that is set in the size; the greatest subtree first.
    readonly List<byte[]> hashes;

    /// <summary>The edge of the empty tree.</summary>
    public MerkleFrontier()
        : this(0, [])
    {
    }

    MerkleFrontier(long size, List<byte[]> hashes) => (Size, this.hashes) = (size, hashes);

    /// <summary>Leaves of the tree.</summary>
    public long Size { get; private set; }

    /// <summary>The root of the tree.</summary>
    public byte[] Root
    {
        get
        {
            if (hashes.Count == 0)
                return MerkleTree.EmptyRoot;
            var root = hashes[^1];
            for (var i = hashes.Count - 2; i >= 0; i--)
                root = MerkleTree.HashNode(hashes[i], root);
            return root;
        }
    }

    /// <summary>The edge of a tree, out of the hashes of its complete subtrees.</summary>
    /// <param name="size">Leaves of the tree.</param>
    /// <param name="stored">The hash of each subtree that <see cref="MerkleTree.NodesOver"/> names.</param>
    public static MerkleFrontier Of(long size, Func<MerkleNode, byte[]> stored) =>
        new(size, [.. MerkleTree.NodesOver(0, size).Select(stored)]);

    /// <summary>Takes in the next leaf.</summary>
    /// <param name="completed">Hears of each subtree that the leaf completes, the leaf itself first; null where nobody need hear.</param>
    public void Add(byte[] leaf, Action<MerkleNode, byte[]>? completed = null)
    {
        var (index, hash) = (Size, leaf);
        completed?.Invoke(new(0, index), hash);
        // As a binary counter is increased: equal subtrees merge into one of twice the size.
        for (var level = 1; (Size >> (level - 1) & 1) == 1; level++)
        {
            hash = MerkleTree.HashNode(hashes[^1], hash);
            hashes.RemoveAt(hashes.Count - 1);
            completed?.Invoke(new(level, index >> level), hash);
        }
        hashes.Add(hash);
        Size++;
    }

    /// <summary>The edge as it is stored beside a position: 32 bytes for each bit that is set in the size.</summary>
    public byte[] ToBytes() => [.. hashes.SelectMany(hash => hash)];

    /// <summary>Reads what <see cref="ToBytes"/> gave.</summary>
    /// <param name="size">Leaves of the tree.</param>
    /// <exception cref="InvalidDataException">The bytes cannot be the edge of a tree of this size.</exception>
    public static MerkleFrontier Parse(long size, ReadOnlySpan<byte> bytes)
    {
        if (size < 0 || bytes.Length != BitOperations.PopCount((ulong)size) * SHA256.HashSizeInBytes)
            throw new InvalidDataException($"{bytes.Length} bytes cannot be the edge of a tree of {size} leaves.");
        List<byte[]> hashes = [];
        for (; bytes.Length > 0; bytes = bytes[SHA256.HashSizeInBytes..])
            hashes.Add(bytes[..SHA256.HashSizeInBytes].ToArray());
        return new(size, hashes);
    }

    /// <summary>An edge of its own that goes on from here.</summary>
    public MerkleFrontier Copy() => new(Size, [.. hashes]);
}
