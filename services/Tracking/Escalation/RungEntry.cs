using System.Text;
using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Tracking;

/// <summary>Composes the journal entry of a rung, with its row and its event.</summary>
static class RungEntry
{
    /// <summary>The id in the resource name of a rung.</summary>
    public static Guid IdOf(TakenRung taken) => Guid.Parse(taken.Name.AsSpan(RungSigning.Prefix.Length));

    /// <summary>
    /// What the command is recognised by. That does not cover the signature, which is another one each time the same is signed. An id that
    /// is not accepted belongs to no command that was ever recorded, and is refused when the command is judged.
    /// </summary>
    public static CommandIdentity Identify(TakeRungRequest request, Caller caller, CommandDigest digests)
    {
        var content = request.Clone();
        content.CommandId = "";
        content.LetterSalt = ByteString.Empty;
        content.Signature = null;
        return digests.Identify(CommandIdentity.TryParseId(request.CommandId, out var id) ? id : Guid.Empty,
            [.. Encoding.ASCII.GetBytes(caller.State!), .. content.ToByteArray()]);
    }

    /// <summary>What is appended to the journal when a rung is taken, and the rung.</summary>
    /// <param name="requests">The requests as they stand, each overdue and due for this rung.</param>
    /// <param name="today">The day it is in the requesting state.</param>
    public static (Append Append, TakenRung Taken) Compose(
        CommandIdentity command, TakeRungRequest request, IReadOnlyList<RungRequest> requests, Caller caller, RungLetters letters,
        DateOnly today, DateTimeOffset now)
    {
        var id = RungSigning.IdOf(request.Signature);
        var recordedAt = ToMicroseconds(now);
        var actor = new Actor { Identity = caller.ToString(), Certificate = caller.Thumbprint };
        var taken = new TakenRung
        {
            Name = RungSigning.Prefix + id,
            Partner = request.Partner,
            Rung = request.Rung,
            Requests = { requests },
            Letter = request.Letter,
            TakenOn = today.ToIso(),
            ConfirmedBy = actor.Identity,
            RecordedAt = recordedAt.ToTimestamp(),
        };
        var letter = letters.Encrypt(id, request.Letter, request.LetterSalt);
        var entry = new TrackingEntry
        {
            Aggregate = taken.Name,
            Version = 1,
            CommandId = command.Id.ToString(),
            RecordedAt = taken.RecordedAt,
            Actor = actor,
            Signature = request.Signature,
            RungTaken = new()
            {
                RequestingState = caller.State,
                Partner = taken.Partner,
                Rung = taken.Rung,
                Requests = { requests.Select(r => r.Request) },
                References = { requests.Select(r => r.Reference) },
                EncryptedLetter = ByteString.CopyFrom(letter),
                TakenOn = taken.TakenOn,
            },
        };
        return (new(id, 1, command.Id, command.Digest, EntryBytes.Of(FreeTexts.WithoutAny(entry)), recordedAt,
            RungStore.Row(caller.State!, taken, letter, requests.Select(r => RequestId.Parse(r.Request))),
            EventOf(entry)), taken);
    }

    /// <summary>The message by which Requests is told of a rung that was taken; null for an entry of another kind.</summary>
    public static RungConfirmed? EventOf(TrackingEntry entry) => entry.RungTaken is not { } taken ? null
        : new(entry.Aggregate, taken.Rung, taken.TakenOn, [.. taken.Requests], entry.Actor, entry.Signature);

    /// <summary>
    /// The instant without what is finer than a microsecond: the table counts no finer, and a page token must name the row's own
    /// instant.
    /// </summary>
    public static DateTimeOffset ToMicroseconds(DateTimeOffset instant) =>
        instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond));
}
