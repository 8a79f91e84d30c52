using System.Security.Cryptography;
using Exchange.Operations.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Platform;

/// <summary>What was done with a parked message, and what there is to say about it.</summary>
/// <param name="Handled">All that is coded.</param>
/// <param name="Texts">Kept encrypted: an operator may write what he should not, and so may what failed.</param>
sealed record HandledMessage(ParkedMessageHandled Handled, ParkedMessageTexts Texts);

/// <summary>What operators did with parked messages, in the service's own journal.</summary>
sealed class OperatorJournal(Journal journal, CommandHandler commands, Keyring keyring, TimeProvider time)
{
    /// <summary>Of the keys in the keyring by which the texts are encrypted.</summary>
    public static readonly KeyPurpose Texts = new("parked texts");

    /// <summary>Carries an operator's command out and writes down what was done; once, however often the command is sent.</summary>
    /// <param name="message">The message it is about; what was done with one message is an aggregate of the journal.</param>
    /// <param name="act">Does what was asked for and says how it ended. Not called for a command that was written down before.</param>
    /// <exception cref="Refusal">By <paramref name="act"/>, or the id belongs to another command.</exception>
    public Task<HandledMessage> Handle(
        CommandIdentity command, Caller caller, Guid message, Func<CancellationToken, Task<HandledMessage>> act, CancellationToken ct)
    {
        HandledMessage? done = null;
        return commands.Handle(
            command,
            load => journal.Newest(message, load),
            async (newest, decide) =>
            {
                // Once: where another command took the version, what was done is written down after it.
                done ??= await act(decide);
                return Decision.Write(Entry(command, caller, message, newest.Version + 1, newest.Hash, done), done);
            },
            FirstAnswer, ct);
    }

    Append Entry(CommandIdentity command, Caller caller, Guid message, int version, byte[] previousHash, HandledMessage done)
    {
        var now = time.GetUtcNow();
        var entry = new OperatorEntry
        {
            Aggregate = $"parked/{message}", Version = version, PreviousHash = ByteString.CopyFrom(previousHash),
            CommandId = command.Id.ToString(), RecordedAt = now.ToTimestamp(),
            Actor = new() { Identity = caller.ToString(), Certificate = caller.Thumbprint },
            ParkedMessageHandled = new(done.Handled) { EncryptedTexts = Encrypt(message, done.Texts) },
        };
        return new(message, version, command.Id, command.Digest, EntryBytes.Of(entry), now, null, null);
    }

    async Task<HandledMessage> FirstAnswer(WrittenCommand written, CancellationToken ct)
    {
        var entry = (await journal.OfAggregate(written.AggregateId, ct, written.Version)).Single().Entry;
        var handled = EntryBytes.Parse(entry, OperatorEntry.Parser).ParkedMessageHandled;
        return new(handled, Decrypt(written.AggregateId, handled.EncryptedTexts));
    }

    ByteString Encrypt(Guid message, ParkedMessageTexts texts)
    {
        var key = keyring.InUse(Texts.Name);
        return ByteString.CopyFrom(
            [checked((byte)key.Version), .. Encryption.Encrypt(key.Secret, texts.ToByteArray(), Encryption.BytesOf(message))]);
    }

    ParkedMessageTexts Decrypt(Guid message, ByteString stored) =>
        stored.Length > 0 && keyring.Find(Texts.Name, stored[0]) is { } key
            ? ParkedMessageTexts.Parser.ParseFrom(Encryption.Decrypt(key.Secret, stored.Span[1..], Encryption.BytesOf(message)))
            : throw new CryptographicException("The texts were encrypted under a key that is not known.");
}
