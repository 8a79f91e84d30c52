using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Kind = Exchange.Requests.V1.Step.KindOneofCase;

namespace Exchange.Requests;

/// <summary>Makes the rows of requests, cases and readings from their journal entries.</summary>
sealed class StateRebuild : IStateRebuild
{
    const string CasePrefix = "cases/";

    const string ReadingPrefix = "reads/";

    /// <inheritdoc />
    public bool Keeps(byte[] entry)
    {
        var read = RequestState.Parse(entry);
        var (aggregate, actor) = (read.Aggregate, read.Actor);
        return aggregate.StartsWith(RequestId.Prefix, StringComparison.Ordinal)
            || aggregate.StartsWith(CasePrefix, StringComparison.Ordinal)
            || (aggregate.StartsWith(ReadingPrefix, StringComparison.Ordinal) && RequestState.StateOf(actor) is not null);
    }

    /// <inheritdoc />
    public StateRow Rebuild(IReadOnlyList<SealedRow> entries)
    {
        var parsed = EntryChain.Read(entries).ConvertAll(read => read.Entry);
        if (parsed[0].Aggregate.StartsWith(ReadingPrefix, StringComparison.Ordinal))
            return ReadingStore.Row(parsed[0]);
        return parsed[0].Aggregate.StartsWith(CasePrefix, StringComparison.Ordinal)
            ? CaseStore.Row(parsed.SelectMany(entry => entry.Steps).Last(step => step.KindCase == Kind.CaseKept).CaseKept,
                parsed[0].Actor.Identity)
            : RowOfRequest(parsed);
    }

    static StateRow RowOfRequest(List<JournalEntry> entries)
    {
        var subjects = new SubjectsNamed();
        ByteString? letter = null;
        byte[]? fingerprint = null;
        foreach (var step in entries.SelectMany(entry => entry.Steps))
        {
            if (step.KindCase == Kind.SubjectsNamed)
                subjects = step.SubjectsNamed;
            else if (step.KindCase == Kind.LetterWritten && !step.LetterWritten.EncryptedLetter.IsEmpty)
                letter = step.LetterWritten.EncryptedLetter;
            else if (step.KindCase == Kind.Observed)
                fingerprint = step.Observed.Fingerprint.ToByteArray();
        }
        var told = entries.Find(entry => entry.Version == entries[^1].Facts.ToldVersion);
        return RequestStore.Row(entries[^1].Facts, new(entries[^1].Facts, subjects, [])
        {
            Told = told is null ? null : new(told.Facts.Status, told.Facts.TransmittedOn, told.Dossier?.CaseIndex ?? ""),
            Dossier = entries[^1].Dossier ?? new(), EncryptedLetter = letter, Fingerprint = fingerprint,
            EncryptedParticulars = entries[^1].EncryptedParticulars,
        });
    }
}
