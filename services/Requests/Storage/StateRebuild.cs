using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Kind = Exchange.Requests.V1.Step.KindOneofCase;

namespace Exchange.Requests;

/// <summary>Makes the rows of requests and cases from their journal entries.</summary>
sealed class StateRebuild : IStateRebuild
{
    const string CasePrefix = "cases/";

    /// <inheritdoc />
    public bool Keeps(byte[] entry)
    {
        var aggregate = RequestState.Parse(entry).Aggregate;
        return aggregate.StartsWith(RequestId.Prefix, StringComparison.Ordinal)
            || aggregate.StartsWith(CasePrefix, StringComparison.Ordinal);
    }

    /// <inheritdoc />
    public StateRow Rebuild(IReadOnlyList<SealedRow> entries)
    {
        var parsed = entries.Select(row => RequestState.Parse(row.Entry)).ToList();
        return parsed[0].Aggregate.StartsWith(CasePrefix, StringComparison.Ordinal)
            ? CaseStore.Row(parsed.SelectMany(entry => entry.Steps).Last(step => step.KindCase == Kind.CaseKept).CaseKept)
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
            else if (step.KindCase == Kind.LetterWritten && !step.LetterWritten.SealedLetter.IsEmpty)
                letter = step.LetterWritten.SealedLetter;
            else if (step.KindCase == Kind.Observed)
                fingerprint = step.Observed.Fingerprint.ToByteArray();
        }
        return RequestStore.Row(entries[^1].Facts, new(entries[^1].Facts, subjects, [])
        {
            Dossier = entries[^1].Dossier ?? new(), EncryptedLetter = letter, Fingerprint = fingerprint,
        });
    }
}
