using System.Runtime.CompilerServices;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>
/// A journal whose every entry is held against the entry before it of the same aggregate as it is read: where somebody changed an entry and
/// made its hashes fit, the chain says which. Read once, from the beginning.
/// </summary>
sealed class ChainedEntries(IFollowedJournal<JournalEntry> journal) : IFollowedJournal<JournalEntry>
{
    readonly Dictionary<string, (int Version, byte[] Hash, long SealedNo)> chains = [];

    /// <summary>How many aggregates were read.</summary>
    public int Chains => chains.Count;

    /// <inheritdoc />
    public string Name => journal.Name;

    /// <inheritdoc />
    public Task<JournalHead> Head(long known, CancellationToken ct) => journal.Head(known, ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<byte[]>> ProveConsistency(long older, long newer, CancellationToken ct) =>
        journal.ProveConsistency(older, newer, ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<byte[]>> ProveInclusion(long sealedNo, long size, CancellationToken ct) =>
        journal.ProveInclusion(sealedNo, size, ct);

    /// <inheritdoc />
    /// <exception cref="Refusal">Damaged: an entry does not follow the one before it.</exception>
    public async IAsyncEnumerable<FollowedEntry<JournalEntry>> Read(long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var read in journal.Read(from, to, ct))
        {
            var entry = read.Message!;
            var (version, hash, sealedNo) = chains.GetValueOrDefault(entry.Aggregate, (0, [], 0));
            if (entry.Version != version + 1 || !entry.PreviousHash.Span.SequenceEqual(hash))
            {
                throw new Refusal(RefusalKind.Damaged, "JOURNAL_DAMAGED", version == 0
                    ? $"Entry {read.SealedNo} of the journal of {Name} is not the first of {entry.Aggregate}: one before it is missing."
                    : $"Entry {read.SealedNo} of the journal of {Name} does not follow entry {sealedNo} of {entry.Aggregate}: "
                        + "one of the two is not what was recorded.");
            }
            chains[entry.Aggregate] = (entry.Version, read.Leaf, read.SealedNo);
            yield return read;
        }
    }
}
