using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Kind = Exchange.Requests.V1.Step.KindOneofCase;

namespace Exchange.Requests;

/// <summary>A request's journal as either side may read it.</summary>
static class RequestHistory
{
    /// <summary>A side sees what its own officers did, its own register, and of the other side's doing what it was told.</summary>
    public static bool SeenBy(JournalEntry entry, RequestView view, Caller caller) => entry.Step is StepCode.Unspecified
        ? view.Side == Disclosure.OwnerOf(entry.Facts)
        : RequestState.StateOf(entry.Actor) == caller.State
            || (view.Side is Side.RequestedSide ? Disclosure.Tells(entry) : IsToldToRequester(entry));

    /// <summary>An entry as a caller may read it.</summary>
    /// <param name="hash">Of the entry, see <see cref="EntryBytes.HashOf"/>.</param>
    /// <param name="key">The request's key; null when it was destroyed, and then what officers said in their own words is left out.</param>
    /// <param name="standing">The steps that still stand, by version and place.</param>
    public static HistoryEntry ToProto(
        JournalEntry entry, byte[] hash, RequestKey? key, HashSet<(int, int)> standing, RequestView view, Caller caller) => new()
        {
            Version = entry.Version,
            RecordedAt = entry.RecordedAt,
            Step = entry.Step,
            Actor = caller.Redact(entry.Actor.Identity),
            Steps = { entry.Steps.Select(step => StepFor(step, entry, key, view, caller)) },
            Act = entry.Statement.IsEmpty ? null
            : ActFor(
                ActStatements.Join(CanonicalBytes.Parse(entry.Statement.Span, ActStatement.Parser), OpeningsIn(entry, key)), entry, view),
            SupersededSteps = { Enumerable.Range(0, entry.Steps.Count)
            .Where(i => !standing.Contains((entry.Version, i)) && entry.Steps[i].KindCase != Kind.Corrected) },
            EntryHash = ByteString.CopyFrom(hash),
            Signed = entry.Signature is not null,
        };

    static bool IsToldToRequester(JournalEntry entry) => entry.Facts.TransmittedOn.Length > 0 && LifecycleTable.IsTold(entry.Step);

    static Step StepFor(Step step, JournalEntry entry, RequestKey? key, RequestView view, Caller caller)
    {
        var bare = step.Clone();
        if (bare.LetterWritten is { } written)
            written.EncryptedLetter = ByteString.Empty;
        if (bare.Observed is { } observed)
            observed.Fingerprint = ByteString.Empty;
        if (bare.DocumentAdded?.Document is { } document)
            document.EncryptedDetails = ByteString.Empty;
        if (bare.Assigned is { To: { } to } assigned)
            assigned.To = key.Read(RequestKey.Particulars, entry.EncryptedParticulars, RequestParticulars.Parser).Assignments
                .FirstOrDefault(one => one.Side == to.Side) ?? to;
        // As in the facts: what replaces it may have been sent to somebody else.
        if (bare.Superseded is { } superseded && superseded.By != view.Facts.SupersededBy)
            superseded.By = "";
        if (bare.Corrected is { } corrected)
            corrected.ProposedBy = caller.Redact(corrected.ProposedBy);
        if (bare.SubjectsNamed is { } named)
        {
            foreach (var untold in named.Subjects.Where(subject => !IsTold(subject.SubjectId, entry, view)).ToList())
                named.Subjects.Remove(untold);
            foreach (var subject in named.Subjects)
                subject.Ciphertext = ByteString.Empty;
        }
        return bare;
    }

    static Act ActFor(Act act, JournalEntry entry, RequestView view)
    {
        // Why nobody else was to be had is the sender's own affair.
        if (act.TransmitAlone is { } alone && view.Side != Disclosure.OwnerOf(entry.Facts))
            alone.Reason = "";
        if (act.NameSubjects is { } naming)
            foreach (var untold in naming.Withdraw.Where(name => !IsTold(name[(name.LastIndexOf('/') + 1)..], entry, view)).ToList())
                naming.Withdraw.Remove(untold);
        return act;
    }

    static IEnumerable<Opening> OpeningsIn(JournalEntry entry, RequestKey? key) => key is null || entry.EncryptedTexts.IsEmpty ? []
        : CanonicalBytes.Parse(key.Decrypt(RequestKey.Texts, entry.EncryptedTexts.Span), Openings.Parser).Openings_;

    static bool IsTold(string subject, JournalEntry entry, RequestView view) =>
        view.Side == Disclosure.OwnerOf(entry.Facts) || entry.Dossier?.ToldSubjects.Contains(subject) == true;
}
