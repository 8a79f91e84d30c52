using System.Security.Cryptography;
using System.Text;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Tracking;

/// <summary>
/// Rungs that Requests recorded and this service has forgotten, because it was restored from an older copy. Day, rung,
/// requests and who confirmed it come back; the text of the letter was nowhere else and is lost.
/// </summary>
sealed class LostRungs(RungStore rungs, Ledger ledger, TimeProvider time)
{
    const string LetterLost = "(The letter was lost when the database was restored from an older copy; that it was sent is recorded with each request.)";
    const int MaxTries = 20;

    /// <summary>Takes up the rungs that an entry of Requests tells of, where they are not known here.</summary>
    public async Task Recover(JournalEntry entry, CancellationToken ct)
    {
        foreach (var step in entry.Steps.Where(step => step.KindCase == Step.KindOneofCase.Reminded && step.Reminded.Taken.StartsWith(RungEntry.Prefix, StringComparison.Ordinal)))
            for (var tries = 0; !await Recover(entry, step, ct); tries++)
                if (tries == MaxTries)
                    throw new TimeoutException($"The rung {step.Reminded.Taken} is being written by others all the time.");
    }

    async Task<bool> Recover(JournalEntry entry, Step step, CancellationToken ct)
    {
        var id = Guid.Parse(step.Reminded.Taken.AsSpan(RungEntry.Prefix.Length));
        var known = await rungs.Find(id, ct);
        if (known?.Taken.Requests.Any(request => request.Request == entry.Facts.Request) ?? false)
            return true;
        await rungs.Note(entry.Facts.Id(), step.Reminded.Rung, Day.Of(step.OccurredOn)!.Value, ct);
        return await ledger.Append(Compose(entry, step, id, known), ct, mending: true) is not AppendOutcome.Conflict;
    }

    Append Compose(JournalEntry told, Step step, Guid id, KnownRung? known)
    {
        var facts = told.Facts;
        var taken = known?.Taken ?? new()
        {
            Name = step.Reminded.Taken, Partner = facts.RequestedState, Rung = step.Reminded.Rung, Letter = LetterLost,
            TakenOn = step.OccurredOn, ConfirmedBy = told.Actor.Identity, RecordedAt = Finely(told.RecordedAt),
        };
        taken.Requests.Add(new RungRequest
        {
            Request = facts.Request, Reference = facts.Reference, TransmittedOn = facts.TransmittedOn, DueOn = facts.DueOn(LimitKind.Policy)?.Text() ?? "",
        });
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"recovered {taken.Name} {facts.Request}"));
        var commandId = new Guid(digest.AsSpan(0, 16));
        var now = time.GetUtcNow();
        var entry = new TrackingEntry
        {
            Aggregate = taken.Name, Version = (known?.Version ?? 0) + 1, PreviousHash = ByteString.CopyFrom(known?.HeadHash ?? []),
            CommandId = commandId.ToString(), RecordedAt = now.ToTimestamp(), Actor = new() { Identity = "exchange://service/tracking" },
            RungRecovered = new()
            {
                RequestingState = facts.RequestingState, Partner = facts.RequestedState, Rung = step.Reminded.Rung, Request = facts.Request,
                Reference = facts.Reference, TakenOn = step.OccurredOn, ConfirmedBy = told.Actor,
            },
        };
        // Without its requests for the trigger: somebody may have taken the same rung again before it was recovered.
        return new(id, entry.Version, commandId, digest, CanonicalBytes.Of(entry), now, RungStore.Row(facts.RequestingState, taken, []), Event: null);
    }

    /// <summary>As finely as the table counts, or a page would not find its place again.</summary>
    static Timestamp Finely(Timestamp at) => at.ToDateTimeOffset() is var instant
        ? instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond)).ToTimestamp() : at;
}
