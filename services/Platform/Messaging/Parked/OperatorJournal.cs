using Exchange.Operations.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Platform;

/// <summary>What operators did with parked messages, in the service's own journal.</summary>
sealed class OperatorJournal(Journal journal, CommandHandler commands, TimeProvider time)
{
    /// <summary>Carries an operator's command out and writes down what was done; once, however often the command is sent.</summary>
    /// <param name="message">The message it is about; what was done with one message is an aggregate of the journal.</param>
    /// <param name="act">Does what was asked for and says how it ended. Not called for a command that was written down before.</param>
    /// <exception cref="Refusal">By <paramref name="act"/>, or the id belongs to another command.</exception>
    public Task<ParkedMessageHandled> Handle(
        CommandIdentity command, Caller caller, Guid message, Func<CancellationToken, Task<ParkedMessageHandled>> act, CancellationToken ct)
    {
        ParkedMessageHandled? done = null;
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

    Append Entry(CommandIdentity command, Caller caller, Guid message, int version, byte[] previousHash, ParkedMessageHandled done)
    {
        var now = time.GetUtcNow();
        var entry = new OperatorEntry
        {
            Aggregate = $"parked/{message}", Version = version, PreviousHash = ByteString.CopyFrom(previousHash),
            CommandId = command.Id.ToString(), RecordedAt = now.ToTimestamp(),
            Actor = new() { Identity = caller.ToString(), Certificate = caller.Thumbprint }, ParkedMessageHandled = done,
        };
        return new(message, version, command.Id, command.Digest, EntryBytes.Of(entry), now, null, null);
    }

    async Task<ParkedMessageHandled> FirstAnswer(WrittenCommand written, CancellationToken ct)
    {
        var entry = (await journal.OfAggregate(written.AggregateId, ct, written.Version)).Single().Entry;
        return EntryBytes.Parse(entry, OperatorEntry.Parser).ParkedMessageHandled;
    }
}
