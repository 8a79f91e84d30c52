using System.Security.Cryptography;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Requests;

/// <summary>
/// The chain of custody: what happened to a document, each entry chained to the one before. That it was given to the other side
/// stands in the chain of its request, for the act that gave it is the proof; a second entry about it could only differ.
/// </summary>
sealed class DocumentCustody(Ledger ledger, Journal journal, ReferenceData reference, TimeProvider time)
{
    const int MaxTries = 20;

    public static string NameOf(Guid document) => $"documents/{document}";

    /// <summary>Tells an announcement from another under the same id; the title is left out, for it could be guessed back.</summary>
    public static byte[] DigestOf(DocumentRecord record) => SHA256.HashData(Untitled(record).ToByteArray());

    /// <summary>The record without its title, whose ciphertext is never twice the same.</summary>
    public static DocumentRecord Untitled(DocumentRecord record) => new(record) { SealedTitle = ByteString.Empty };

    /// <summary>The first entry: it came in whole. Once only, however often it is said.</summary>
    /// <exception cref="Refusal">The id belongs to something else.</exception>
    public async Task Received(Guid request, DocumentRecord record, Caller caller, CancellationToken ct)
    {
        var id = Guid.Parse(record.DocumentId);
        // The client's own id is that of the entry on the request.
        var command = RequestCommand.Following(NameOf(id)) with { Digest = DigestOf(record) };
        var handled = new DocumentHandled { Handling = Handling.Received, Request = RequestState.NameOf(request), Document = record };
        if (await ledger.Append(Compose(id, (0, [], default), caller, handled, command), ct)
            is not (AppendOutcome.Appended or AppendOutcome.Repeated))
            throw RequestRefusals.CommandReused();
    }

    /// <summary>An entry about a reading; durable before this returns.</summary>
    public async Task Read(Guid id, Caller caller, DocumentHandled handled, CancellationToken ct)
    {
        var command = new RequestCommand(Guid.CreateVersion7(), SHA256.HashData(handled.ToByteArray()));
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await ledger.Append(Compose(id, await journal.Newest(id, ct), caller, handled, command), ct) is not AppendOutcome.Conflict)
                return;
        }
        throw RequestRefusals.ChangedMeanwhile(amended: false);
    }

    Append Compose(Guid id, (int Version, byte[] Hash, DateTimeOffset RecordedAt) before, Caller caller, DocumentHandled handled, RequestCommand command)
    {
        // Clocks of replicas differ a little; within one chain time does not run backwards.
        var now = time.GetUtcNow() is var clock && clock < before.RecordedAt ? before.RecordedAt : clock;
        var entry = new JournalEntry
        {
            Aggregate = NameOf(id), Version = before.Version + 1, PreviousHash = ByteString.CopyFrom(before.Hash), CommandId = command.Id.ToString(),
            RecordedAt = now.ToTimestamp(), Actor = RequestState.ActorOf(caller),
            Steps = { new Step { OccurredOn = reference.Today(caller.State!, time).ToString("O"), DocumentHandled = handled } },
        };
        return new(id, entry.Version, command.Id, command.Digest, CanonicalBytes.Of(entry), now, State: null, Event: null);
    }
}
