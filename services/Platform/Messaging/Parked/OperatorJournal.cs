using System.Security.Cryptography;
using Exchange.Operations.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Platform;

/// <summary>An operator's command: its id, and a digest that tells it from another under the same id.</summary>
sealed record OperatorCommand(Guid Id, byte[] Digest);

/// <summary>What operators did with parked messages, in the service's own journal.</summary>
sealed class OperatorJournal(Journal journal, Ledger ledger, TimeProvider time)
{
    // As every journal of ours begins its canonical bytes.
    const byte CanonicalVersion = 1;

    /// <summary>What the command did before; null when it is new.</summary>
    /// <exception cref="Refusal">The id belongs to another command.</exception>
    public async Task<ParkedMessageHandled?> DoneBefore(OperatorCommand command, CancellationToken ct)
    {
        if (await journal.Find(command.Id, ct) is not { } known)
            return null;
        if (!CryptographicOperations.FixedTimeEquals(known.Digest, command.Digest))
            throw Reused();
        var entry = (await journal.OfAggregate(known.AggregateId, ct, known.Version)).Single().Entry;
        return OperatorEntry.Parser.ParseFrom(entry.AsSpan(1)).ParkedMessageHandled;
    }

    /// <summary>Writes down what was done; what stands already under the command's id stands.</summary>
    public async Task<ParkedMessageHandled> Record(
        OperatorCommand command, Caller caller, ParkedMessageHandled handled, CancellationToken ct)
    {
        var aggregate = Guid.Parse(handled.Message);
        while (true)
        {
            var (version, hash, _) = await journal.Newest(aggregate, ct);
            var now = time.GetUtcNow();
            var entry = new OperatorEntry
            {
                Aggregate = $"parked/{aggregate}", Version = version + 1, PreviousHash = ByteString.CopyFrom(hash),
                CommandId = command.Id.ToString(), RecordedAt = now.ToTimestamp(),
                Actor = new() { Identity = caller.ToString(), Certificate = caller.Thumbprint }, ParkedMessageHandled = handled,
            };
            var outcome = await ledger.Append(
                new(aggregate, version + 1, command.Id, command.Digest, [CanonicalVersion, .. entry.ToByteArray()], now, null, null), ct);
            switch (outcome)
            {
                case AppendOutcome.Appended:
                    return handled;
                case AppendOutcome.Repeated:
                    return (await DoneBefore(command, ct))!;
                case AppendOutcome.CommandReused:
                    throw Reused();
            }
        }
    }

    static Refusal Reused() => Refusal.Invalid([new("command_id", "was used for another command; make a new one for every command.")]);
}
