using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>A subject as one side sees it, with its place among all that were ever named: letters count by it.</summary>
sealed record SeenSubject(int Number, SealedSubject Sealed);

/// <summary>For a request that left the exchange: the entry as of which the requested side sees it.</summary>
/// <param name="EncryptedLetter">The letter it had been told by then.</param>
sealed record LastTold(JournalEntry Entry, ByteString? EncryptedLetter);

/// <summary>
/// A request as one caller may see it. Every answer about a request is made from one of these and never from the request itself: to its
/// owner it is all there is, to the other side what that side was told. There is no other way to make one than <see cref="Of"/>.
/// </summary>
sealed record RequestView
{
    RequestView()
    {
    }

    public required Guid Id { get; init; }

    /// <summary>The version the caller sees: to the other side of a request that left the exchange nothing counts on.</summary>
    public required int Version { get; init; }

    /// <summary>The etag of that version.</summary>
    public string Etag => RequestState.EtagOf(Version);

    /// <summary>The caller's side.</summary>
    public required Side Side { get; init; }

    public required RequestFacts Facts { get; init; }

    /// <summary>The index of the case number, see <see cref="LookupIndex"/>.</summary>
    public required string CaseIndex { get; init; }

    public required IReadOnlyList<SeenSubject> Subjects { get; init; }

    /// <summary>The documents that the caller's side handed in or was given.</summary>
    public required IReadOnlyList<DocumentRecord> Documents { get; init; }

    /// <summary>The letter as ciphertext; null for a request that came from a register.</summary>
    public required ByteString? EncryptedLetter { get; init; }

    /// <summary>The hash over letter, subjects and documents, as far as they are seen; see <see cref="LetterHash"/>.</summary>
    public required ByteString LetterHash { get; init; }

    /// <summary>Who approved the letter as it stands; empty while nobody has, and to the other side.</summary>
    public required string ApprovedBy { get; init; }

    /// <summary>Who sees to it on the caller's side; empty when nobody in particular.</summary>
    public required string AssignedTo { get; init; }

    /// <summary>The version in which a correction of the caller's side was proposed; 0 when none waits.</summary>
    public required int ProposedCorrection { get; init; }

    /// <summary>The hash of the statement by which it was proposed; empty when none waits.</summary>
    public required ByteString ProposedCorrectionHash { get; init; }

    public required IReadOnlyList<StepCode> AllowedSteps { get; init; }

    /// <summary>The request as the caller may see it.</summary>
    /// <param name="caller">An officer of one of the two states, or a service, which sees all.</param>
    /// <param name="left">Null unless <see cref="LeftTheExchange"/>.</param>
    public static RequestView Of(RequestState state, Caller caller, LastTold? left)
    {
        var side = state.SideOf(caller.State);
        var whole = caller.IsService || side == Disclosure.OwnerOf(state.Facts);
        var subjects = Numbered(state.Subjects).Where(subject => whole || WasTold(subject, state.Dossier))
            .Select(subject => whole ? subject : AsTold(subject, state.Dossier.ToldIn)).ToList();
        var documents = DocumentsOf(state.Dossier, side);
        var proposed = state.Dossier.ProposedCorrection is { } waiting && waiting.Side == side ? waiting : null;
        return new()
        {
            Id = state.Id, Version = state.VersionSeenBy(caller), Side = side,
            Facts = whole ? state.Facts : Disclosure.Told(left?.Entry.Facts ?? state.Facts),
            CaseIndex = (left?.Entry.Dossier ?? state.Dossier).CaseIndex, Subjects = subjects, Documents = documents,
            EncryptedLetter = left is null ? state.EncryptedLetter : left.EncryptedLetter,
            LetterHash = ByteString.CopyFrom(Requests.LetterHash.Of(
                (left?.Entry.Dossier ?? state.Dossier).LetterHash, subjects.Select(subject => subject.Sealed),
                whole ? state.Dossier.Documents : documents)),
            ApprovedBy = whole && side is Side.RequestingSide ? state.Dossier.ApprovedBy : "",
            AssignedTo = state.Assignments.To(side) ?? "",
            ProposedCorrection = proposed?.ProposedIn ?? 0,
            ProposedCorrectionHash = proposed?.StatementHash ?? ByteString.Empty,
            AllowedSteps = [.. LifecycleRules.Allowed(state, caller)],
        };
    }

    /// <summary>Whether steps may have been taken, by post, that the caller's side was not told of here.</summary>
    public static bool LeftTheExchange(RequestState state, Caller caller) => state.VersionSeenBy(caller) < state.Version;

    static IEnumerable<SeenSubject> Numbered(SubjectsNamed named) =>
        named.Subjects.Select((subject, i) => new SeenSubject(i + 1, subject));

    static bool WasTold(SeenSubject subject, RequestDossier dossier) => dossier.ToldSubjects.Contains(subject.Sealed.SubjectId);

    // Withdrawn by post after the last word here, it still stands for whoever was told no more.
    static SeenSubject AsTold(SeenSubject subject, int toldIn) => subject.Sealed.WithdrawnIn <= toldIn ? subject
        : subject with { Sealed = new(subject.Sealed) { WithdrawnIn = 0 } };

    static List<DocumentRecord> DocumentsOf(RequestDossier dossier, Side side)
    {
        var seen = dossier.DocumentsSeenBy(side).ToList();
        var known = seen.Select(document => document.DocumentId).ToHashSet();
        return [.. seen.Select(document => document.TranslationOf.Length == 0 || known.Contains(document.TranslationOf)
            ? document : new DocumentRecord(document) { TranslationOf = "" })];
    }
}
