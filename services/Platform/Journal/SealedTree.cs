namespace Exchange.Platform;

/// <summary>
/// The Merkle tree over the sealed journal, as it is stored: its leaves beside their numbers (table <c>seal</c>; number 1 is leaf 0), and
/// of the subtrees above them those of every eighth level (table <c>tree</c>). The others are computed out of at most 128 hashes when they
/// are needed, which makes one row for 256 entries in place of one for each.
/// </summary>
public static class SealedTree
{
    const int StoredEvery = 8;

    /// <summary>Whether a subtree is stored in <c>tree</c>; leaves are not, for they stand in <c>seal</c>.</summary>
    public static bool IsStored(MerkleNode node) => node.Level > 0 && node.Level % StoredEvery == 0;

    /// <summary>The right edge of the tree over the first entries, to go on from.</summary>
    public static async Task<MerkleFrontier> Frontier(Transaction tx, long size)
    {
        var hashes = await Load(tx, [.. MerkleTree.NodesOver(0, size)]);
        return MerkleFrontier.Of(size, node => hashes[node]);
    }

    /// <summary>The hashes of a proof.</summary>
    /// <param name="ranges">As <see cref="MerkleTree.Inclusion"/> and <see cref="MerkleTree.Consistency"/> name them.</param>
    public static async Task<List<byte[]>> Prove(Transaction tx, IReadOnlyList<(long Start, long End)> ranges)
    {
        var hashes = await Load(tx, [.. ranges.SelectMany(range => MerkleTree.NodesOver(range.Start, range.End)).Distinct()]);
        return [.. ranges.Select(range => MerkleTree.HashOver(range.Start, range.End, node => hashes[node]))];
    }

    // Two statements for all: each reads the stored hashes below the nodes that are asked for.
    static async Task<Dictionary<MerkleNode, byte[]>> Load(Transaction tx, MerkleNode[] nodes)
    {
        var below = new Dictionary<MerkleNode, byte[]>();
        var onLeaves = nodes.Where(node => node.Level < StoredEvery).ToArray();
        var above = nodes.Where(node => node.Level >= StoredEvery).ToArray();
        if (onLeaves.Length > 0)
        {
            foreach (var (number, leaf) in await tx.Query(
                "SELECT s.sealed_no, s.leaf FROM unnest($1, $2) AS r(first, last) JOIN seal s ON s.sealed_no BETWEEN r.first AND r.last",
                [
                    onLeaves.Select(node => FirstBelow(node) + 1).ToArray(),
                    onLeaves.Select(node => FirstBelow(node) + CountBelow(node)).ToArray(),
                ],
                row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1))))
                below[new(0, number - 1)] = leaf;
        }
        if (above.Length > 0)
        {
            foreach (var (level, index, hash) in await tx.Query(
                """
                SELECT t.level, t.index, t.hash FROM unnest($1, $2, $3) AS r(level, first, last)
                JOIN tree t ON t.level = r.level AND t.index BETWEEN r.first AND r.last
                """,
                [
                    above.Select(node => (short)BaseOf(node)).ToArray(), above.Select(FirstBelow).ToArray(),
                    above.Select(node => FirstBelow(node) + CountBelow(node) - 1).ToArray(),
                ],
                row => (row.GetInt16(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2))))
                below[new(level, index)] = hash;
        }
        return nodes.ToDictionary(node => node, node => HashOf(node, below));
    }

    /// <summary>The stored level at or below a node's.</summary>
    static int BaseOf(MerkleNode node) => node.Level - node.Level % StoredEvery;

    static long CountBelow(MerkleNode node) => 1L << (node.Level - BaseOf(node));

    static long FirstBelow(MerkleNode node) => node.Index << (node.Level - BaseOf(node));

    static byte[] HashOf(MerkleNode node, Dictionary<MerkleNode, byte[]> below)
    {
        var (level, first) = (BaseOf(node), FirstBelow(node));
        var hashes = Enumerable.Range(0, (int)CountBelow(node)).Select(i => below.TryGetValue(new(level, first + i), out var hash) ? hash
            : throw new InvalidDataException($"The stored tree of the journal lacks node {first + i} of level {level}.")).ToList();
        while (hashes.Count > 1)
            hashes = [.. hashes.Chunk(2).Select(pair => MerkleTree.HashNode(pair[0], pair[1]))];
        return hashes[0];
    }
}
