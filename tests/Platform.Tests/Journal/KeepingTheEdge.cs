using Exchange.Testing;

namespace Exchange.Platform.Tests;

/// <summary>The right edge of a Merkle tree, to which leaves are added one by one.</summary>
public sealed class KeepingTheEdge
{
    static readonly byte[][] Leaves = [.. Enumerable.Range(0, 70).Select(i => MerkleTree.HashLeaf([(byte)i]))];

    [Fact]
    public void Gives_the_root_of_every_size_and_names_each_subtree_once_it_is_complete()
    {
        var (edge, log, completed) = (new MerkleFrontier(), new TestLog(Leaves), new Dictionary<MerkleNode, byte[]>());
        edge.Root.ShouldBe(MerkleTree.EmptyRoot);
        foreach (var leaf in Leaves)
        {
            edge.Add(leaf, completed.Add);
            edge.Root.ShouldBe(log.Root(edge.Size));
            MerkleFrontier.Of(edge.Size, node => completed[node]).Root.ShouldBe(edge.Root);
        }
        // Of 70 leaves 64, 4 and 2 stand together: 70 leaves, and as many subtrees above them less one for each of the three.
        completed.Count.ShouldBe(70 + 70 - 3);
    }

    [Fact]
    public void Is_stored_and_goes_on_where_it_was()
    {
        var edge = new MerkleFrontier();
        foreach (var leaf in Leaves)
        {
            edge = MerkleFrontier.Parse(edge.Size, edge.ToBytes());
            edge.Add(leaf);
        }
        edge.Root.ShouldBe(new TestLog(Leaves).Root(70));
    }

    [Theory]
    [InlineData(0, 32)]
    [InlineData(3, 32)]
    [InlineData(4, 64)]
    [InlineData(-1, 32)]
    [InlineData(1, 31)]
    public void Is_not_read_from_bytes_that_cannot_be_it(long size, int length) =>
        Should.Throw<InvalidDataException>(() => MerkleFrontier.Parse(size, new byte[length]));
}
