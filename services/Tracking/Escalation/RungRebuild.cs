using Exchange.Client;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Kind = Exchange.Tracking.V1.TrackingEntry.KindOneofCase;

namespace Exchange.Tracking;

/// <summary>
/// Makes the row of a rung from its journal entries. Which days its requests were sent and fell due, and which rung was before it, stands
/// in no entry and stays empty.
/// </summary>
sealed class RungRebuild : IStateRebuild
{
    /// <inheritdoc />
    public bool Keeps(byte[] entry) => Parse(entry).Aggregate.StartsWith(RungSigning.Prefix, StringComparison.Ordinal);

    /// <inheritdoc />
    public StateRow Rebuild(IReadOnlyList<SealedRow> entries)
    {
        var taken = new TakenRung();
        var (state, letter) = ("", Array.Empty<byte>());
        foreach (var entry in Read(entries))
        {
            if (entry.KindCase is Kind.RungTaken)
                letter = entry.RungTaken.EncryptedLetter.ToByteArray();
            state = entry.KindCase switch
            {
                Kind.RungTaken => Take(taken, entry),
                Kind.RungRecovered => Recover(taken, entry),
                _ => state,
            };
        }
        // The trigger that lets a rung be taken only once has seen its requests.
        return RungStore.Row(state, taken, letter, []);
    }

    static IEnumerable<TrackingEntry> Read(IReadOnlyList<SealedRow> rows)
    {
        byte[] before = [];
        foreach (var row in rows)
        {
            var entry = Parse(row.Entry);
            if (entry.Version != row.Version || !entry.PreviousHash.Span.SequenceEqual(before))
                throw Journal.Damaged(row, "it does not follow the entry before it");
            if (entry.KindCase is Kind.RungTaken && RungSigning.Fault(entry) is { } fault)
                throw Journal.Damaged(row, fault);
            before = row.EntryHash;
            yield return entry;
        }
    }

    static string Take(TakenRung taken, TrackingEntry entry)
    {
        var rung = entry.RungTaken;
        Set(taken, entry, rung.Partner, rung.Rung, rung.TakenOn, entry.Actor);
        taken.RecordedAt = entry.RecordedAt;
        taken.Requests.Add(rung.Requests.Zip(rung.References, (request, reference) =>
            new RungRequest { Request = request, Reference = reference }));
        return rung.RequestingState;
    }

    static string Recover(TakenRung taken, TrackingEntry entry)
    {
        var rung = entry.RungRecovered;
        if (taken.Name.Length == 0)
        {
            Set(taken, entry, rung.Partner, rung.Rung, rung.TakenOn, rung.ConfirmedBy);
            taken.RecordedAt = entry.RecordedAt;
        }
        taken.Requests.Add(new RungRequest { Request = rung.Request, Reference = rung.Reference });
        return rung.RequestingState;
    }

    static void Set(TakenRung taken, TrackingEntry entry, string partner, Rung rung, string takenOn, Actor confirmedBy) =>
        (taken.Name, taken.Partner, taken.Rung, taken.TakenOn, taken.ConfirmedBy) =
            (entry.Aggregate, partner, rung, takenOn, confirmedBy.Identity);

    static TrackingEntry Parse(byte[] entry) => EntryBytes.Parse(entry, TrackingEntry.Parser);
}
