using System.Security.Cryptography;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Requests;

/// <summary>
/// The chain of custody: what happened to a document, each entry chained to the one before. That it was given to the other side
/// stands in the chain of its request, for the act that gave it is the proof; a second entry about it could only differ.
/// </summary>
sealed class DocumentCustody(CommandHandler commands, Journal journal, ReferenceData reference, TimeProvider time)
{
    public static string NameOf(Guid document) => $"documents/{document}";

    /// <summary>Tells a document from another under the same id, once it came in whole: the commitment to its content does.</summary>
    public static byte[] DigestOf(DocumentRecord record) => SHA256.HashData(WithoutDetails(record).ToByteArray());

    /// <summary>The record without its details, whose ciphertext is never twice the same.</summary>
    public static DocumentRecord WithoutDetails(DocumentRecord record) => new(record) { EncryptedDetails = ByteString.Empty };

    /// <summary>The first entry: it came in whole. Recorded once, however often it is said.</summary>
    /// <exception cref="Refusal">The id belongs to something else.</exception>
    public Task Received(Guid request, DocumentRecord record, Caller caller, CancellationToken ct)
    {
        var id = Guid.Parse(record.DocumentId);
        // The upload's id is the command id of the entry on the request.
        var command = CommandIdentity.DerivedFrom(NameOf(id)) with { Digest = DigestOf(record) };
        var handled = new DocumentHandled { Handling = Handling.Received, Request = RequestId.NameOf(request), Document = record };
        return commands.Handle(command,
            _ => Task.FromResult((Version: 0, Hash: Array.Empty<byte>(), RecordedAt: DateTimeOffset.MinValue)),
            (nothing, _) => Task.FromResult(Decision.Write(Compose(id, nothing, caller, handled, command), true)),
            (_, _) => Task.FromResult(true), ct, _ => CommandHandler.IdReused());
    }

    /// <summary>An entry about a reading; durable before this returns.</summary>
    public Task Read(Guid id, Caller caller, DocumentHandled handled, CancellationToken ct)
    {
        var command = CommandIdentity.New(SHA256.HashData(handled.ToByteArray()));
        return commands.Handle(command,
            token => journal.Newest(id, token),
            (newest, _) => Task.FromResult(Decision.Write(Compose(id, newest, caller, handled, command), true)),
            (_, _) => Task.FromResult(true), ct);
    }

    Append Compose(
        Guid id, (int Version, byte[] Hash, DateTimeOffset RecordedAt) before, Caller caller, DocumentHandled handled,
        CommandIdentity command)
    {
        // Clocks of replicas differ a little; within one chain time does not run backwards.
        var now = time.GetUtcNow() is var clock && clock < before.RecordedAt ? before.RecordedAt : clock;
        var entry = new JournalEntry
        {
            Aggregate = NameOf(id), Version = before.Version + 1, PreviousHash = ByteString.CopyFrom(before.Hash),
            CommandId = command.Id.ToString(),
            RecordedAt = now.ToTimestamp(), Actor = RequestState.ActorOf(caller),
            Steps = { new Step { OccurredOn = reference.Today(caller.State!, time).ToIso(), DocumentHandled = handled } },
        };
        return new(id, entry.Version, command.Id, command.Digest, EntryBytes.Of(FreeTexts.WithoutAny(entry)), now,
            State: null, Event: null);
    }
}
