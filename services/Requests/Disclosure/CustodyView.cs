using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>
/// The chain of custody of a document as one caller may see it. What came in and was given is known to both sides. A reading is its own
/// side's affair: of the other's readings the owner's authorised officers are told the state, the day and the purpose, and nobody else.
/// </summary>
/// <param name="owns">The document is of the caller's side.</param>
/// <param name="closed">Indices of the numbers of the cases of his state that are closed to him.</param>
sealed class CustodyView(Caller caller, bool owns, RequestKey? key, LookupIndex index, IReadOnlySet<string> closed)
{
    // Whose word binds the state answers for what became of its documents.
    readonly bool seesAll = owns && LifecycleTable.Recorders.Contains(caller.Role);

    /// <summary>The entry; null where the caller is told nothing of it.</summary>
    public CustodyEntry? Of(SealedRow row, JournalEntry entry)
    {
        var handled = entry.Steps.Select(step => step.DocumentHandled).FirstOrDefault(handled => handled is not null);
        var shown = new CustodyEntry
        {
            Chain = entry.Aggregate, EntryHash = ByteString.CopyFrom(row.EntryHash), Handling = handled?.Handling ?? Handling.Released,
        };
        if (handled?.Handling is not Handling.Read)
            return InChain(Whole(shown, row, entry), row, entry);
        var state = RequestState.StateOf(entry.Actor);
        if (state != caller.State && !seesAll)
            return null;
        (shown.Purpose, shown.ReadOn) = (handled.Purpose, entry.Steps[0].OccurredOn);
        if (state == caller.State)
        {
            Whole(shown, row, entry).Offset = handled.Offset;
            shown.CaseNumber = CaseNumberOf(handled);
        }
        else
        {
            shown.Actor = $"{CallerUri.Scheme}://{state}";
        }
        // Elsewhere the places and the hashes before would tell how often others read it.
        return seesAll ? InChain(shown, row, entry) : shown;
    }

    // A side learns which authority of the other handed the document in or over, and not who there.
    CustodyEntry Whole(CustodyEntry shown, SealedRow row, JournalEntry entry)
    {
        (shown.RecordedAt, shown.SealedNo, shown.Actor) = (entry.RecordedAt, row.SealedNo, caller.Redact(entry.Actor.Identity));
        return shown;
    }

    static CustodyEntry InChain(CustodyEntry shown, SealedRow row, JournalEntry entry)
    {
        (shown.Version, shown.PreviousHash) = (row.Version, entry.PreviousHash);
        return shown;
    }

    // A colleague may have read for a case that is closed to the caller.
    string CaseNumberOf(DocumentHandled handled)
    {
        var number = key.Read(RequestKey.Reading, handled.EncryptedReason, ReadingReason.Parser).CaseNumber;
        return closed.Contains(index.OfCase(number)) ? "" : number;
    }
}
