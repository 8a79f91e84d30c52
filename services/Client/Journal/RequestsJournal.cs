using System.Runtime.CompilerServices;
using Exchange.Contracts;
using Exchange.Platform;

namespace Exchange.Client;

/// <summary>The journal of Requests, as a service follows it: the event that stands behind each entry.</summary>
public sealed class RequestsJournal(RequestsEntries entries) : IFollowedJournal<RequestChanged>
{
    /// <inheritdoc cref="RequestsEntries.Source" />
    public const string Source = RequestsEntries.Source;

    /// <inheritdoc />
    public string Name => Source;

    /// <inheritdoc />
    public Task<JournalHead> Head(long known, CancellationToken ct) => entries.Head(known, ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<byte[]>> ProveConsistency(long older, long newer, CancellationToken ct) =>
        entries.ProveConsistency(older, newer, ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<byte[]>> ProveInclusion(long sealedNo, long size, CancellationToken ct) =>
        entries.ProveInclusion(sealedNo, size, ct);

    /// <inheritdoc />
    public async IAsyncEnumerable<FollowedEntry<RequestChanged>> Read(long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var read in entries.Read(from, to, ct))
        {
            var change = RequestChanged.From(read.Message!);
            yield return new(read.SealedNo, read.Leaf, change is null ? null : change with { Entry = read.Message }, read.TraceParent);
        }
    }
}
