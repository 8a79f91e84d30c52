using System.Runtime.CompilerServices;

namespace Exchange.Platform;

/// <summary>
/// Reads the journal of another service on from where it was read before, and gives out only what that service's signed head covers: every
/// entry is a leaf of the signed tree, at its place, and the tree begins with all that was read before. Not safe for several threads.
/// </summary>
/// <param name="read">The right edge of the tree over what was read before.</param>
public sealed class JournalReader<T>(IFollowedJournal<T> journal, MerkleFrontier read)
    where T : class
{
    /// <summary>The right edge of the tree over what was read and given out so far.</summary>
    public MerkleFrontier Edge { get; private set; } = read;

    /// <summary>
    /// The newest head; null where the journal no longer holds what was read: it was restored from an older copy, or changed.
    /// </summary>
    /// <exception cref="Refusal">Damaged: the head is not signed by the service.</exception>
    public async Task<JournalHead?> Head(CancellationToken ct)
    {
        var head = await journal.Head(Edge.Size, ct);
        return Covers(head, Edge, head.Consistency) ? head : null;
    }

    /// <summary>Reads on, a page at a time; every page is proved before it is given out.</summary>
    /// <param name="head">As <see cref="Head"/> gave it.</param>
    /// <param name="to">The last number; at most the head's.</param>
    /// <exception cref="Refusal">Damaged: an entry is not what was sealed; the text names its number.</exception>
    public async IAsyncEnumerable<IReadOnlyList<FollowedEntry<T>>> ReadOn(
        JournalHead head, long to, int pageSize, [EnumeratorCancellation] CancellationToken ct)
    {
        if (Edge.Size >= to)
            yield break;
        var (edge, page) = (Edge.Copy(), new List<FollowedEntry<T>>());
        await foreach (var entry in journal.Read(Edge.Size + 1, to, ct))
        {
            if (entry.SealedNo != edge.Size + 1)
                throw Damaged(edge.Size + 1, "is missing");
            edge.Add(entry.Leaf);
            page.Add(entry);
            if (page.Count < pageSize && edge.Size < to)
                continue;
            await Prove(head, edge, page, ct);
            Edge = edge.Copy();
            yield return page;
            page = [];
        }
        if (edge.Size < to)
            throw Damaged(edge.Size + 1, "is missing");
    }

    /// <summary>Reads one entry, wherever it stands.</summary>
    /// <exception cref="Refusal">Damaged: the head is not signed, or does not cover the entry as it came.</exception>
    internal static async Task<FollowedEntry<T>> ReadOne(IFollowedJournal<T> journal, long sealedNo, CancellationToken ct)
    {
        var head = await journal.Head(0, ct);
        await foreach (var entry in journal.Read(sealedNo, sealedNo, ct))
        {
            return await IsIncluded(journal, head, entry, ct) ? entry
                : throw FollowedEntry.Damaged(journal.Name, sealedNo, "is not what was sealed");
        }
        throw FollowedEntry.Damaged(journal.Name, sealedNo, "is missing");
    }

    async Task Prove(JournalHead head, MerkleFrontier edge, List<FollowedEntry<T>> page, CancellationToken ct)
    {
        var proof = edge.Size == head.SealedNo ? [] : await journal.ProveConsistency(edge.Size, head.SealedNo, ct);
        if (Covers(head, edge, proof))
            return;
        // Which one it is: what the signed tree does not hold. Where a leaf was changed beside its entry, the proofs of its neighbours,
        // which rest on it, fail as well.
        List<long> wrong = [];
        foreach (var entry in page)
        {
            if (!await IsIncluded(journal, head, entry, ct))
                wrong.Add(entry.SealedNo);
            else if (wrong.Count > 0)
                break;
        }
        throw wrong switch
        {
            [] => Damaged(page[^1].SealedNo, "does not lead to the head that is signed"),
            [var one] => Damaged(one, "is not what was sealed"),
            _ => Damaged(wrong[0], $"or one after it, up to {wrong[^1]}, is not what was sealed"),
        };
    }

    static bool Covers(JournalHead head, MerkleFrontier edge, IReadOnlyList<byte[]> proof) =>
        edge.Size == 0 || MerkleTree.Extends(edge.Root, edge.Size, head.Root, head.SealedNo, proof);

    static async Task<bool> IsIncluded(IFollowedJournal<T> journal, JournalHead head, FollowedEntry<T> entry, CancellationToken ct) =>
        entry.SealedNo <= head.SealedNo && MerkleTree.Includes(head.Root, head.SealedNo, entry.Leaf, entry.SealedNo - 1,
            await journal.ProveInclusion(entry.SealedNo, head.SealedNo, ct));

    Refusal Damaged(long sealedNo, string what) => FollowedEntry.Damaged(journal.Name, sealedNo, what);
}
