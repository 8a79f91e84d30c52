using System.Runtime.CompilerServices;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Contracts;

/// <summary>An entry of the journal of Requests as a consumer reads it.</summary>
/// <param name="SealedNo">Its place in the sealed order.</param>
/// <param name="SealHash">The seal up to it: tells a journal from one that was restored from an older copy.</param>
/// <param name="Change">The event it stands behind, with the entry; null for an entry that changed no request.</param>
/// <param name="Entry">The entry itself.</param>
/// <param name="TraceParent">W3C context of the call that wrote it; null where none was kept.</param>
public sealed record SealedChange(long SealedNo, byte[] SealHash, RequestChanged? Change, JournalEntry Entry, string? TraceParent);

/// <summary>The journal of Requests as the events it stands behind: how a consumer heals what the broker lost, and rebuilds.</summary>
public static class JournalOfRequests
{
    /// <summary>Streams the range of the sealed order, ends included.</summary>
    /// <exception cref="RpcException">Requests is away or refuses.</exception>
    public static async IAsyncEnumerable<SealedChange> ReadChanges(
        this RequestRegistry.RequestRegistryClient requests, long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        using var call =
            requests.ReadJournal(new() { FromSealedNo = from, ToSealedNo = to, View = JournalView.Full }, cancellationToken: ct);
        while (await call.ResponseStream.MoveNext(ct))
        {
            var sealedEntry = call.ResponseStream.Current;
            var entry = RequestChanged.Read(sealedEntry);
            var change = RequestChanged.From(entry) is { } found ? found with { Entry = entry } : null;
            yield return new(sealedEntry.SealedNo, sealedEntry.SealHash.ToByteArray(), change, entry,
                sealedEntry.TraceParent.Length > 0 ? sealedEntry.TraceParent : null);
        }
    }
}
