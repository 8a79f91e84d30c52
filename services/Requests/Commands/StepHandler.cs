using System.Security.Cryptography;
using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Kind = Exchange.Requests.V1.Act.StepOneofCase;

namespace Exchange.Requests;

/// <summary>
/// Takes steps: reads what an act is judged by, lets table and rule decide, and makes the result durable. The same command again
/// has no second effect; an officer who was overtaken by another is told so.
/// </summary>
sealed class StepHandler(
    RequestStore store, CaseStore cases, SubjectVault vault, RequestKeys keys, LookupIndex index, CommandHandler commands, Journal journal,
    ReferenceData reference, IOptions<RequestsOptions> options, TimeProvider time)
{
    /// <summary>Takes the step.</summary>
    /// <returns>The request as it is now, and the version this command wrote.</returns>
    /// <exception cref="Refusal">Faulty, not found, not now, or another officer was faster.</exception>
    public Task<(RequestState State, int Version)> Take(TakeStepRequest step, Caller caller, CancellationToken ct)
    {
        var act = step.Act ?? new();
        var command = CommandOf(act, caller);
        return commands.Handle(command,
            token => Load(act, caller, token),
            (basis, token) => Decide(basis, act, step, command, caller, token),
            // Not by the act's own words: a reference may mean another request by now.
            async (written, token) => (await store.FindNamed(RequestId.NameOf(written.AggregateId), caller, token), written.Version),
            ct, basis => Overtaken(act, basis.State, caller));
    }

    async Task<StepBasis> Load(Act act, Caller caller, CancellationToken ct)
    {
        var state = await store.FindNamed(act.Request, caller, ct);
        var entries = await EntriesFor(act, state, ct);
        return new(state, act.Letter() is { } letter ? await cases.Find(caller.State!, letter.CaseNumber, ct) : null,
            Corrections.Standing(entries), [.. entries.Where(entry => entry.Version >= act.CorrectOwnEntry?.Version)]);
    }

    async Task<Decision<(RequestState State, int Version)>> Decide(
        StepBasis basis, Act act, TakeStepRequest step, CommandIdentity command, Caller caller, CancellationToken ct)
    {
        var state = basis.State;
        if (act.Etag != RequestState.EtagOf(state.VersionSeenBy(caller)))
            throw Overtaken(act, state, caller);
        var move = LifecycleRules.Admit(state.Facts, act.Code(), caller, out var recording);
        var today = reference.Today(recording ? state.Facts.RequestedState : caller.State!, time);
        Check(act, state, recording, today, caller);
        var signature = move.Binds ? step.Signature ?? throw RequestRefusals.SignatureNeeded(move.Step) : null;
        if (signature is not null)
            OfficerSignature.Verify(signature, act, step.Openings, state.Dossier.CommitmentOf, caller);
        // Of an act that binds nobody the statement is made here.
        var (statement, openings) = signature is not null ? (signature.Content, step.Openings) : Split(act, state.Dossier);

        var subjects = act.StepCase == Kind.NameSubjects
            ? vault.Change(state.Id, state.Subjects, act.NameSubjects, state.Version + 1)
            : null;
        var inputs = new StepInputs(
            reference, options.Value, today, subjects?.Subjects, basis.CaseOfLetter, basis.Standing, basis.Since, state.Key)
        {
            Now = time.GetUtcNow(), NewLetter = LetterIn(openings),
            StatementHash = ByteString.CopyFrom(SHA256.HashData(statement.Span)),
        };
        if (new StepRule(state, act, move, recording, caller, inputs).Decide() is not { } change)
            return Decision.Unchanged((state, state.Version));

        // Each request has a key from its first entry on; a second would keep what erasure is to keep away.
        var key = state.Key ?? throw RequestRefusals.Erased();
        change = change.EncryptLetter(key).EncryptParticulars(key, index) with
        {
            Statement = statement,
            EncryptedTexts = Encrypt(key, openings),
            Signature = WithoutContent(signature),
        };
        var entry = change.Compose(state, state.Id, RequestState.ActorOf(caller), command, time.GetUtcNow());
        // Nothing is stored before this line: a refused step leaves no key behind.
        if (subjects is not null)
            await vault.StoreKeys([subjects], ct);
        return Decision.Write(entry, (RequestState.After(entry, change), entry.Version)) with
        {
            Undo = subjects is null ? null : () => vault.RemoveUnusedKeys(subjects),
        };
    }

    static readonly MessageParser<Act> Known = Act.Parser.WithDiscardUnknownFields(true);

    CommandIdentity CommandOf(Act act, Caller caller)
    {
        List<Violation> faults = [];
        if (act.Code() == StepCode.Unspecified)
        {
            faults.Add(new("act.step",
                "must be given, and an answer must have the outcome EXECUTED, PARTIALLY_EXECUTED, REFUSED or NOT_EXECUTABLE."));
        }
        if (!CommandIdentity.TryParseId(act.CommandId, out var id))
            faults.Add(new("act.command_id", CommandIdentity.IdFault));
        if (act.Etag.Length == 0)
            faults.Add(new("act.etag", "must be the etag of the request as you saw it."));
        if (RequestName.Fault(act.Request) is { } fault)
            faults.Add(new("act.request", fault));
        // They would be kept in clear, and be looked at by nobody.
        if (!Known.ParseFrom(act.ToByteString()).Equals(act))
            faults.Add(new("act", "holds fields that this version of the service does not know."));
        return faults.Count > 0 ? throw Refusal.Invalid(faults) : keys.Command(id, caller, act);
    }

    void Check(Act act, RequestState state, bool recording, DateOnly today, Caller caller)
    {
        List<Violation> faults = [.. new ActRules(act, state, recording, today, reference).Faults()];
        faults.AddRange(state.Dossier.DocumentFaults(state.Id, "act.documents", act.Documents(), state.SideOf(caller.State)));
        if (act.Letter() is { } letter)
            faults.AddRange(LetterRules.FaultsOfAuthor(letter, "act.letter.", caller, reference));
        if (act.StepCase == Kind.NameSubjects)
            faults.AddRange(SubjectFaults.Of(act.NameSubjects, state.Subjects, RequestId.NameOf(state.Id), reference, today));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
    }

    async Task<List<JournalEntry>> EntriesFor(Act act, RequestState state, CancellationToken ct) =>
        act.StepCase is Kind.ProposeCorrection or Kind.ConfirmCorrection or Kind.CorrectOwnEntry
            ? [.. EntryChain.Read(await journal.OfAggregate(state.Id, ct)).Select(read => read.Entry)]
            : [];

    static (ByteString Statement, IReadOnlyList<Opening> Openings) Split(Act act, RequestDossier dossier)
    {
        var (statement, openings) = ActStatements.Split(act, dossier.CommitmentOf);
        return (UnsafeByteOperations.UnsafeWrap(CanonicalBytes.Of(statement)), openings);
    }

    /// <summary>The letter among what an act says, with the salt that was committed to; null when it brings none.</summary>
    static SaltedLetter? LetterIn(IEnumerable<Opening> openings) =>
        openings.FirstOrDefault(opening => opening.Part is "save_draft.letter" or "amend.letter") is { } letter
            ? new(letter.Salt, letter.Content) : null;

    /// <summary>
    /// The officer's words as they are kept. Letters and identities are ciphertext of their own, and a copy here would outlive the key that
    /// erases a subject.
    /// </summary>
    static ByteString Encrypt(RequestKey key, IEnumerable<Opening> openings)
    {
        var kept = new Openings
        {
            Openings_ = { openings.Where(opening => !opening.Part.EndsWith(".letter", StringComparison.Ordinal)
            && !opening.Part.EndsWith(".identity", StringComparison.Ordinal)) }
        };
        return kept.Openings_.Count == 0 ? ByteString.Empty : key.Encrypt(RequestKey.Texts, kept);
    }

    static Signature? WithoutContent(Signature? signature)
    {
        var kept = signature?.Clone();
        kept?.Content = ByteString.Empty;
        return kept;
    }

    static Refusal Overtaken(Act act, RequestState state, Caller caller) => RequestRefusals.ChangedMeanwhile(
        amended: state.SideOf(caller.State) == Side.RequestedSide && state.Dossier.LetterChangedIn <= state.VersionSeenBy(caller)
            && int.TryParse(act.Etag.Trim('"'), out var seen) && seen < state.Dossier.LetterChangedIn);

    /// <summary>What an act is judged by, all of it read before its command is looked up.</summary>
    /// <param name="State">The request.</param>
    /// <param name="CaseOfLetter">The case that the act's letter names; null when it brings none, or the case is not kept here.</param>
    /// <param name="Standing">For a correction: the steps that stand.</param>
    /// <param name="Since">For a correction by one officer alone: the entry that is wrong, and all after it.</param>
    sealed record StepBasis(
        RequestState State, CaseState? CaseOfLetter, List<PlacedStep> Standing, List<JournalEntry> Since);
}
