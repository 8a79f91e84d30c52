using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Requests;

/// <summary>What a command makes of a request: the steps, and all of it as it is after them.</summary>
sealed record RequestChange(RequestFacts Facts, SubjectsNamed Subjects, IReadOnlyList<Step> Steps)
{
    /// <summary>What is kept of the request beside its facts.</summary>
    public RequestDossier Dossier { get; init; } = new();

    /// <summary>Who of each side sees to it.</summary>
    public IReadOnlyList<Assignment> Assignments { get; init; } = [];

    /// <summary>What facts and assignments say in words, as ciphertext; see <see cref="EncryptParticulars"/>.</summary>
    public ByteString EncryptedParticulars { get; init; } = ByteString.Empty;

    /// <summary>The request's key; null where it was destroyed, or nothing was encrypted yet.</summary>
    public RequestKey? Key { get; init; }

    /// <summary>The letter as ciphertext; null for a request that came from a register.</summary>
    public ByteString? EncryptedLetter { get; init; }

    /// <summary>
    /// A letter that this change brings and that is not encrypted yet; null where the letter stays. See <see
    /// cref="EncryptLetter"/>.
    /// </summary>
    public SaltedLetter? NewLetter { get; init; }

    /// <summary>Keyed hash of the register's row; null when the request never came from one.</summary>
    public byte[]? Fingerprint { get; init; }

    /// <summary>By what a list found it for the requested side before; see <see cref="ListedAs"/>.</summary>
    public ListedAs? Told { get; init; }

    /// <summary>The step of the lifecycle; unspecified for an import.</summary>
    public StepCode Code { get; init; }

    /// <summary>The canonical bytes of the statement of the officer's act; empty where no officer acted.</summary>
    public ByteString Statement { get; init; } = ByteString.Empty;

    /// <summary>What the officer said in his own words, as ciphertext; empty where he said nothing.</summary>
    public ByteString EncryptedTexts { get; init; } = ByteString.Empty;

    /// <summary>
    /// The officer's signature; null for a step that binds nobody. Without what was signed, where <see cref="Statement"/> holds it.
    /// </summary>
    public Signature? Signature { get; init; }

    /// <summary>A change of what stands: what the steps do not touch stays.</summary>
    public static RequestChange Of(RequestState state, RequestFacts facts, params IReadOnlyList<Step> steps) =>
        new(facts, state.Subjects, steps)
        {
            Dossier = state.Dossier.Clone(), EncryptedLetter = state.EncryptedLetter, Fingerprint = state.Fingerprint,
            Assignments = state.Assignments, EncryptedParticulars = state.EncryptedParticulars, Encrypted = state.Particulars,
            Key = state.Key, Told = state.Told,
        };

    /// <summary>What <see cref="EncryptedParticulars"/> is of; null while nothing was encrypted.</summary>
    RequestParticulars? Encrypted { get; init; }

    RequestParticulars Words => Particulars.Of(Facts, Assignments);

    /// <summary>By what a list finds it for the requested side: as it stands, or as that side was last told of it here.</summary>
    /// <param name="facts">The facts after the change, with their version.</param>
    public ListedAs ListedAs(RequestFacts facts) =>
        Disclosure.LeftTheExchange(facts) ? Told! : new(facts.Status, facts.TransmittedOn, Dossier.CaseIndex);

    /// <summary>Encrypts the letter that the change brings, for the request's row and for the step that tells of it.</summary>
    public RequestChange EncryptLetter(RequestKey key)
    {
        if (NewLetter is null)
            return this;
        var ciphertext = key.Encrypt(RequestKey.Letter, NewLetter.ToProto());
        Steps.Single(step => step.LetterWritten is not null).LetterWritten.EncryptedLetter = ciphertext;
        return this with { EncryptedLetter = ciphertext, NewLetter = null };
    }

    /// <summary>
    /// Encrypts what facts and assignments say in words, and makes the index beside it. What did not change stays the ciphertext it is,
    /// also where its key was destroyed.
    /// </summary>
    public RequestChange EncryptParticulars(RequestKey key, LookupIndex index)
    {
        if (Words.Equals(Encrypted))
            return this;
        var dossier = Dossier.Clone();
        dossier.CaseIndex = index.OfCase(Facts.CaseNumber);
        dossier.RequestingAssigneeIndex = IndexOf(Facts.RequestingState, Side.RequestingSide);
        dossier.RequestedAssigneeIndex = IndexOf(Facts.RequestedState, Side.RequestedSide);
        return this with
        {
            Dossier = dossier,
            EncryptedParticulars = key.Encrypt(RequestKey.Particulars, Words),
            Encrypted = Words,
            Key = key,
        };

        string IndexOf(string state, Side side) => Assignments.To(side) is { } assignee ? index.OfAssignee(state, assignee) : "";
    }

    /// <summary>The one way an entry is made: version, time, chain and canonical bytes are set here.</summary>
    /// <exception cref="InvalidOperationException">Something in words was not encrypted.</exception>
    /// <exception cref="Refusal">ENTRY_UNSOUND: its readers would refuse it.</exception>
    public Append Compose(RequestState? before, Guid id, Actor actor, CommandIdentity command, DateTimeOffset now)
    {
        if (!Words.Equals(Encrypted))
            throw new InvalidOperationException("The particulars of a request were not encrypted before its entry was made.");
        var facts = Facts.Coded();
        facts.Request = RequestId.NameOf(id);
        facts.Version = (before?.Version ?? 0) + 1;
        // Clocks of replicas differ a little; within one request time does not run backwards.
        facts.RecordedAt = before?.Facts.RecordedAt is { } last && last.ToDateTimeOffset() > now ? last : now.ToTimestamp();
        if (Steps.Any(step => step.KindCase == Step.KindOneofCase.SubjectsNamed)
            || (before is not null && before.Facts.CaseNumber != Facts.CaseNumber))
            facts.SubjectsVersion = facts.Version;
        Disclosure.NoteTold(this, facts);
        var entry = new JournalEntry
        {
            Aggregate = facts.Request,
            Version = facts.Version,
            PreviousHash = ByteString.CopyFrom(before?.HeadHash ?? []),
            CommandId = command.Id.ToString(),
            RecordedAt = facts.RecordedAt,
            Actor = actor,
            Steps = { Steps },
            Facts = facts,
            Signature = Signature,
            Step = Code,
            Statement = Statement,
            EncryptedTexts = EncryptedTexts,
            EncryptedParticulars = EncryptedParticulars,
            Dossier = Dossier.CalculateSize() == 0 ? null : Dossier,
        };
        // What no reader would believe must not be written: every reader would stop at it, for ever.
        if (SignedActs.Fault(entry) is { } fault)
            throw RequestRefusals.EntryUnsound(entry.Aggregate, fault);
        return new(id, facts.Version, command.Id, command.Digest, EntryBytes.Of(FreeTexts.WithoutAny(entry)),
            facts.RecordedAt.ToDateTimeOffset(), RequestStore.Row(facts, this), new RequestChanged(facts.Request, facts.Version, facts));
    }
}
