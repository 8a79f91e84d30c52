using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Tracking;

/// <summary>
/// Notes which rungs Requests has recorded, and brings back those that it recorded and this service has lost, because it was restored from
/// an older copy. Day, rung, requests and who confirmed it come back; the text of the letter was stored nowhere else and is lost.
/// </summary>
sealed class RungRecovery(RungStore rungs, UnrecordedRungs unrecorded, CommandHandler commands, TimeProvider time)
{
    internal const string LetterLost =
        "(The letter was lost when the database was restored from an older copy; that it was sent is recorded with each request.)";

    /// <summary>Records the rungs that an entry of Requests' journal names and that are not known here. Repeats change nothing.</summary>
    /// <exception cref="Refusal">The ledger takes nothing more at the moment, or stops; the same may be tried again.</exception>
    public async Task Recover(JournalEntry entry, CancellationToken ct)
    {
        foreach (var step in entry.Steps.Where(step => step.KindCase == Step.KindOneofCase.Reminded))
            if (step.Reminded.Taken.StartsWith(RungSigning.Prefix, StringComparison.Ordinal))
                await Recover(entry, step, ct);
    }

    async Task Recover(JournalEntry entry, Step step, CancellationToken ct)
    {
        var id = Guid.Parse(step.Reminded.Taken.AsSpan(RungSigning.Prefix.Length));
        await unrecorded.Remove(id, entry.Facts.Id(), ct);
        var command = CommandIdentity.DerivedFrom($"recovered {step.Reminded.Taken} {entry.Facts.Request}");
        await commands.Handle(command, load: ct => rungs.Find(id, ct), Decide, firstAnswer: (_, _) => Task.FromResult(true), ct,
            mending: true);

        async Task<Decision<bool>> Decide(KnownRung? known, CancellationToken ct)
        {
            if (known?.Taken.Requests.Any(request => request.Request == entry.Facts.Request) ?? false)
                return Decision.Unchanged(true);
            await rungs.Note(entry.Facts.Id(), step.Reminded.Rung, LegalDay.Parse(step.OccurredOn), ct);
            return Decision.Write(Compose(command, entry, step, id, known), true);
        }
    }

    Append Compose(CommandIdentity command, JournalEntry recorded, Step step, Guid id, KnownRung? known)
    {
        var facts = recorded.Facts;
        var taken = known?.Taken ?? new()
        {
            Name = step.Reminded.Taken,
            Partner = facts.RequestedState,
            Rung = step.Reminded.Rung,
            TakenOn = step.OccurredOn,
            ConfirmedBy = recorded.Actor.Identity,
            RecordedAt = RungEntry.ToMicroseconds(recorded.RecordedAt.ToDateTimeOffset()).ToTimestamp(),
        };
        taken.Requests.Add(new RungRequest
        {
            Request = facts.Request,
            Reference = facts.Reference,
            TransmittedOn = facts.TransmittedOn,
            DueOn = facts.DueOn(LimitKind.Policy).ToIso(),
        });
        var now = time.GetUtcNow();
        var entry = new TrackingEntry
        {
            Aggregate = taken.Name,
            Version = (known?.Version ?? 0) + 1,
            PreviousHash = ByteString.CopyFrom(known?.HeadHash ?? []),
            CommandId = command.Id.ToString(),
            RecordedAt = now.ToTimestamp(),
            Actor = new() { Identity = "exchange://service/tracking" },
            RungRecovered = new()
            {
                RequestingState = facts.RequestingState,
                Partner = facts.RequestedState,
                Rung = step.Reminded.Rung,
                Request = facts.Request,
                Reference = facts.Reference,
                TakenOn = step.OccurredOn,
                ConfirmedBy = recorded.Actor,
            },
        };
        // The row names no requests to the trigger that lets a rung be taken only once: somebody may have taken the same rung again
        // before this one was recovered.
        return new(id, entry.Version, command.Id, command.Digest, EntryBytes.Of(FreeTexts.WithoutAny(entry)), now,
            RungStore.Row(facts.RequestingState, taken, known?.EncryptedLetter ?? [], []), Event: null);
    }
}
