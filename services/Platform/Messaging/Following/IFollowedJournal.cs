namespace Exchange.Platform;

/// <summary>A head of a journal of another service, with the service's signature verified.</summary>
/// <param name="SealedNo">The last number sealed; 0 where nothing is.</param>
/// <param name="Root">The root of the Merkle tree over the entries up to there.</param>
/// <param name="Consistency">
/// What proves that it covers the entries that the asker knows; not verified, and empty where the journal does not reach so far.
/// </param>
public sealed record JournalHead(long SealedNo, byte[] Root, IReadOnlyList<byte[]> Consistency);

/// <summary>An entry of a journal of another service.</summary>
/// <param name="SealedNo">Its number.</param>
/// <param name="Leaf">The hash of the bytes that came, see <see cref="EntryBytes.HashOf"/>.</param>
/// <param name="Message">What it says to this service; null for an entry that says nothing to it.</param>
/// <param name="TraceParent">W3C context of the call that wrote it; null where none was kept.</param>
public sealed record FollowedEntry<T>(long SealedNo, byte[] Leaf, T? Message, string? TraceParent)
    where T : class;

/// <summary>The journal of another service, as it answers. Nothing of it is proved: see <see cref="JournalReader{T}"/>.</summary>
public interface IFollowedJournal<T>
    where T : class
{
    /// <summary>The name of the service whose journal it is, such as <c>requests</c>.</summary>
    string Name { get; }

    /// <summary>The newest head.</summary>
    /// <param name="known">How many entries the asker knows: the head comes with a proof that it covers them.</param>
    /// <exception cref="Refusal">Damaged: it is not signed by that service.</exception>
    Task<JournalHead> Head(long known, CancellationToken ct);

    /// <summary>What proves that the tree over more entries begins with the tree over fewer.</summary>
    Task<IReadOnlyList<byte[]>> ProveConsistency(long older, long newer, CancellationToken ct);

    /// <summary>What proves that the tree over <paramref name="size"/> entries holds the entry of this number.</summary>
    Task<IReadOnlyList<byte[]>> ProveInclusion(long sealedNo, long size, CancellationToken ct);

    /// <summary>The range in order, ends included.</summary>
    IAsyncEnumerable<FollowedEntry<T>> Read(long from, long to, CancellationToken ct);
}

/// <summary>What is said of an entry of a followed journal, whatever its message.</summary>
public static class FollowedEntry
{
    /// <summary>An entry is not what was sealed, and its reader stops.</summary>
    /// <param name="journal">The name of the service whose journal it is.</param>
    /// <param name="what">How that shows, as the end of a sentence.</param>
    public static Refusal Damaged(string journal, long sealedNo, string what) => new(RefusalKind.Damaged, "JOURNAL_DAMAGED",
        $"Entry {sealedNo} of the journal of {journal} {what}. Nothing is read beyond it; "
        + "an operator compares that database with a backup.");
}
