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
    /// <summary>A side sees what its own officers did, and of the other side's what the table says is told.</summary>
    public static bool SeenBy(JournalEntry entry, RequestFacts facts, Caller caller)
    {
        if (RequestState.StateOf(entry.Actor) == caller.State || entry.Step == StepCode.Unspecified)
            return true;
        return entry.Facts.TransmittedOn.Length > 0 && LifecycleTable.IsTold(entry.Step)
            && (facts.RequestingState == caller.State || facts.RequestedState == caller.State);
    }

    /// <summary>An entry as a caller may read it.</summary>
    /// <param name="hash">The hash of the entry.</param>
    /// <param name="key">The request's key; null when it was destroyed, and then what officers said in their own words is left out.</param>
    /// <param name="standing">The steps that still stand, by version and place.</param>
    public static HistoryEntry ToProto(JournalEntry entry, byte[] hash, RequestKey? key, HashSet<(int, int)> standing, Caller caller) =>
        new()
        {
            Version = entry.Version,
            RecordedAt = entry.RecordedAt,
            Step = entry.Step,
            Actor = ActorFor(entry.Actor, caller),
            Steps = { entry.Steps.Select(WithoutCiphertext) },
            Act = entry.Statement.IsEmpty ? null
                : ActStatements.Join(CanonicalBytes.Parse(entry.Statement.Span, ActStatement.Parser), OpeningsIn(entry, key)),
            SupersededSteps = { Enumerable.Range(0, entry.Steps.Count)
            .Where(i => !standing.Contains((entry.Version, i)) && entry.Steps[i].KindCase != Kind.Corrected) },
            EntryHash = ByteString.CopyFrom(hash),
            Signed = entry.Signature is not null,
        };

    /// <summary>Who, as a caller may know it: of the other side the authority and no more.</summary>
    public static string ActorFor(Actor actor, Caller caller)
    {
        if (!CallerUri.TryParse(actor.Identity, CallerRole.OfOfficers, out var known, out _)
            || known.IsService || known.State == caller.State)
            return actor.Identity;
        return $"exchange://{known.State}/{known.Authority}";
    }

    static Step WithoutCiphertext(Step step)
    {
        var bare = step.Clone();
        if (bare.LetterWritten is { } written)
            written.EncryptedLetter = ByteString.Empty;
        if (bare.Observed is { } observed)
            observed.Fingerprint = ByteString.Empty;
        if (bare.DocumentAdded?.Document is { } document)
            document.EncryptedDetails = ByteString.Empty;
        foreach (var subject in bare.SubjectsNamed?.Subjects ?? [])
            subject.Ciphertext = ByteString.Empty;
        return bare;
    }

    static IEnumerable<Opening> OpeningsIn(JournalEntry entry, RequestKey? key) => key is null || entry.EncryptedTexts.IsEmpty ? []
        : CanonicalBytes.Parse(key.Decrypt(RequestKey.Texts, entry.EncryptedTexts.Span), Openings.Parser).Openings_;
}
