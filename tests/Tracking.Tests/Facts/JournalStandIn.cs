using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Tracking.Tests;

/// <summary>A client of Requests whose journal holds these entries, sealed from number 1.</summary>
sealed class JournalStandIn(params JournalEntry[] entries) : RequestRegistry.RequestRegistryClient
{
    public override AsyncServerStreamingCall<SealedEntry> ReadJournal(
        ReadJournalRequest request, Metadata headers = null!, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        new(new Entries(entries, request), Task.FromResult(Metadata.Empty), () => Grpc.Core.Status.DefaultSuccess, () => Metadata.Empty,
            () => { });

    sealed class Entries(JournalEntry[] entries, ReadJournalRequest asked) : IAsyncStreamReader<SealedEntry>
    {
        long next = asked.FromSealedNo - 1;

        public SealedEntry Current => new()
        {
            SealedNo = next, Aggregate = entries[next - 1].Aggregate,
            Canonical = ByteString.CopyFrom(EntryBytes.Of(entries[next - 1])),
        };

        public Task<bool> MoveNext(CancellationToken cancellationToken) =>
            Task.FromResult(next++ < Math.Min(asked.ToSealedNo, entries.Length));
    }
}
