using System.Text;
using System.Text.Json;
using Exchange.Testing;

namespace Exchange.Platform.Tests;

/// <summary>
/// The Merkle tree held against RFC 6962 as it is written, and against the public proofs of the transparency-dev project, most of
/// which are wrong in some way and must not be believed.
/// </summary>
public sealed class ProvingByATree
{
    /// <summary>Some of them name sizes of more than 63 bits, which become negative here and are no sizes of a tree.</summary>
    sealed record PublicProof(
        string Name, ulong LeafIdx, ulong TreeSize, byte[]? LeafHash, byte[]? Root, ulong Size1, ulong Size2, byte[]? Root1,
        byte[]? Root2, byte[][]? Proof, bool WantErr);

    public static TheoryData<string> InclusionProofs => [.. Read("inclusion").Keys];

    public static TheoryData<string> ConsistencyProofs => [.. Read("consistency").Keys];

    [Theory]
    [MemberData(nameof(InclusionProofs))]
    public void Public_proofs_of_inclusion_are_believed_where_they_are_right(string name)
    {
        var given = Read("inclusion")[name];

        MerkleTree.Includes(given.Root ?? [], (long)given.TreeSize, given.LeafHash ?? [], (long)given.LeafIdx, given.Proof ?? [])
            .ShouldBe(!given.WantErr);
    }

    [Theory]
    [MemberData(nameof(ConsistencyProofs))]
    public void Public_proofs_of_consistency_are_believed_where_they_are_right(string name)
    {
        var given = Read("consistency")[name];

        MerkleTree.Extends(given.Root1 ?? [], (long)given.Size1, given.Root2 ?? [], (long)given.Size2, given.Proof ?? [])
            .ShouldBe(!given.WantErr);
    }

    [Fact]
    public void Every_tree_has_the_root_of_the_RFC_and_proves_each_of_its_leaves()
    {
        for (var size = 1; size <= 70; size++)
        {
            var (root, entries) = (RootByTheRfc(Entries(size)), Entries(size));
            MerkleTree.HashOver(0, size, Stored).ShouldBe(root);
            var (atOnce, proofs) = MerkleTree.Prove([.. entries.Select(entry => MerkleTree.HashLeaf(entry))]);
            atOnce.ShouldBe(root);
            for (var index = 0; index < size; index++)
            {
                var proof = MerkleTree.Inclusion(index, size).Select(range => MerkleTree.HashOver(range.Start, range.End, Stored)).ToList();
                MerkleTree.Includes(root, size, MerkleTree.HashLeaf(entries[index]), index, proof).ShouldBeTrue();
                proofs[index].ShouldBe(proof);
                MerkleTree.Includes(root, size, MerkleTree.HashLeaf("another"u8), index, proof).ShouldBeFalse();
                MerkleTree.Includes(root, size, MerkleTree.HashLeaf(entries[index]), (index + 1) % size, proof).ShouldBe(size == 1);
            }
        }
    }

    [Fact]
    public void Every_tree_is_proved_to_begin_with_every_smaller_one()
    {
        for (var newer = 1; newer <= 40; newer++)
        {
            for (var older = 1; older <= newer; older++)
            {
                var (was, now) = (RootByTheRfc(Entries(older)), RootByTheRfc(Entries(newer)));
                var proof = MerkleTree.Consistency(older, newer)
                    .Select(range => MerkleTree.HashOver(range.Start, range.End, Stored)).ToList();
                MerkleTree.Extends(was, older, now, newer, proof).ShouldBeTrue();
                MerkleTree.Extends(MerkleTree.HashLeaf("another"u8), older, now, newer, proof).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public void Nothing_is_the_hash_of_nothing() => MerkleTree.HashOver(0, 0, Stored).ShouldBe(RootByTheRfc([]));

    static List<byte[]> Entries(int count) => [.. Enumerable.Range(0, count).Select(n => Encoding.UTF8.GetBytes($"entry {n}"))];

    static byte[] Stored(MerkleNode node) =>
        RootByTheRfc([.. Entries((int)((node.Index + 1) << node.Level)).Skip((int)(node.Index << node.Level))]);

    /// <summary>MTH of RFC 6962, 2.1, as it stands there.</summary>
    static byte[] RootByTheRfc(List<byte[]> entries)
    {
        if (entries.Count == 0)
            return System.Security.Cryptography.SHA256.HashData([]);
        if (entries.Count == 1)
            return System.Security.Cryptography.SHA256.HashData([0, .. entries[0]]);
        var k = 1;
        while (k * 2 < entries.Count)
            k *= 2;
        return System.Security.Cryptography.SHA256.HashData([1, .. RootByTheRfc(entries[..k]), .. RootByTheRfc(entries[k..])]);
    }

    static Dictionary<string, PublicProof> Read(string kind) => JsonSerializer.Deserialize<PublicProof[]>(
        File.ReadAllText(Repository.PathOf($"tests/Platform.Tests/Journal/Proofs/{kind}.json")), JsonSerializerOptions.Web)!
        .ToDictionary(proof => proof.Name);
}
