using System.Runtime.CompilerServices;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Exchange.Client;

/// <summary>
/// The journal of Requests, every entry of it. Reading it changes nothing, here or there. That its head is signed by Requests, and that an
/// entry says what its officer signed, is verified here; all else by the <see cref="JournalReader{T}"/>.
/// </summary>
public sealed class RequestsEntries(
    RequestRegistry.RequestRegistryClient requests, CheckpointVerifier verifier, IOptions<InstallationOptions> installation)
    : IFollowedJournal<JournalEntry>
{
    /// <summary>The name under which the position in this journal is stored.</summary>
    public const string Source = "requests";

    /// <inheritdoc />
    public string Name => Source;

    /// <inheritdoc />
    public async Task<JournalHead> Head(long known, CancellationToken ct)
    {
        var head = await requests.GetCheckpointAsync(new() { Known = known }, RequestsClient.WaitingOptions(ct));
        if (head.SealedNo == 0)
            return new(0, MerkleTree.EmptyRoot, []);
        var signed = verifier.Verify(
            head.Note, head.Certificate.Span, LogCheckpoint.OriginOf(installation.Value.State, Source), Source);
        return new(signed.Size, signed.Root, HashesOf(head.Consistency));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<byte[]>> ProveConsistency(long older, long newer, CancellationToken ct) =>
        HashesOf((await requests.ProveConsistencyAsync(new() { Older = older, Newer = newer }, cancellationToken: ct)).Hashes);

    /// <inheritdoc />
    public async Task<IReadOnlyList<byte[]>> ProveInclusion(long sealedNo, long size, CancellationToken ct) =>
        HashesOf((await requests.ProveInclusionAsync(new() { SealedNo = sealedNo, Size = size }, cancellationToken: ct)).Hashes);

    /// <inheritdoc />
    /// <exception cref="RpcException">Requests is away or refuses.</exception>
    /// <exception cref="Refusal">Damaged: an entry does not say what its officer signed; the text names its number.</exception>
    public async IAsyncEnumerable<FollowedEntry<JournalEntry>> Read(long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        using var call =
            requests.ReadJournal(new() { FromSealedNo = from, ToSealedNo = to, View = JournalView.Full }, cancellationToken: ct);
        while (await call.ResponseStream.MoveNext(ct))
        {
            var read = call.ResponseStream.Current;
            var entry = Parse(read);
            if (SignedActs.Fault(entry) is { } fault)
                throw FollowedEntry.Damaged(Source, read.SealedNo, $"is not believed: {fault}");
            yield return new(read.SealedNo, EntryBytes.HashOf(read.Canonical.Span), entry,
                read.TraceParent.Length > 0 ? read.TraceParent : null);
        }
    }

    static JournalEntry Parse(SealedEntry read)
    {
        try
        {
            return EntryBytes.Parse(read.Canonical.Span, JournalEntry.Parser);
        }
        catch (InvalidDataException)
        {
            throw FollowedEntry.Damaged(Source, read.SealedNo, "cannot be read");
        }
    }

    static byte[][] HashesOf(RepeatedField<ByteString> hashes) => [.. hashes.Select(hash => hash.ToByteArray())];
}
