using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Kind = Exchange.Requests.V1.Act.StepOneofCase;

namespace Exchange.Requests;

/// <summary>
/// Where steps are taken: reads what an act rests on, lets table and rule decide, and makes it durable. The same command again
/// has no second effect; somebody faster is named.
/// </summary>
sealed class StepDesk(
    RequestStore store, CaseStore cases, SubjectVault vault, RequestKeys keys, Ledger ledger, Journal journal, ReferenceData reference,
    IOptions<RequestsOptions> options, TimeProvider time)
{
    /// <summary>Takes the step.</summary>
    /// <returns>The request as it is now, and the version this command wrote.</returns>
    /// <exception cref="Refusal">Faulty, not found, not now, or somebody was faster.</exception>
    public async Task<(RequestState State, int Version)> Take(Act act, Signature? signature, Caller caller, CancellationToken ct)
    {
        var command = CommandOf(act, caller);
        var state = await store.FindNamed(act.Request, caller, ct);
        if (act.Etag != state.Etag)
            return await Repeated(state, command, ct) ?? throw Overtaken(act, state, caller);

        var move = Lifecycle.Admit(state.Facts, act.Code(), caller, out var recording);
        var today = reference.Today(recording ? state.Facts.RequestedState : caller.State!, time);
        await Check(act, state, recording, today, caller, ct);
        if (move.Binds)
            OfficerSignature.Verify(signature ?? throw RequestRefusals.SignatureNeeded(move.Step), act, caller);

        var key = await keys.Of(state.Id, ct);
        var ground = new StepGround(reference, options.Value, today, await Named(act, state, ct), await Standing(act, state, ct), key);
        if (new StepRule(state, act, move, recording, caller, ground).Decide() is not { } change)
            return (state, state.Version);

        var signed = move.Binds ? signature : null;
        change = change with { SealedAct = SealedAct(key, act, signed), Signature = WithoutContent(signed) };
        var entry = change.Compose(state, state.Id, RequestState.ActorOf(caller), command, time.GetUtcNow());
        return await ledger.Append(entry, ct) switch
        {
            AppendOutcome.Appended => (RequestState.After(entry, change), entry.Version),
            AppendOutcome.Repeated => (await Repeated(state, command, ct))!.Value,
            AppendOutcome.CommandReused => throw RequestRefusals.CommandReused(),
            _ => throw Overtaken(act, state, caller),
        };
    }

    /// <summary>What the command wrote before; null when it is new.</summary>
    async Task<(RequestState, int)?> Repeated(RequestState state, RequestCommand command, CancellationToken ct)
    {
        if (await journal.Find(command.Id, ct) is not { } written)
            return null;
        if (!written.Digest.AsSpan().SequenceEqual(command.Digest))
            throw RequestRefusals.CommandReused();
        return ((await store.Find([state.Id], null, ct))[state.Id], written.Version);
    }

    RequestCommand CommandOf(Act act, Caller caller)
    {
        List<Violation> faults = [];
        if (act.Code() == StepCode.Unspecified)
            faults.Add(new("act.step", "must be given, and an answer must have the outcome EXECUTED, PARTIALLY_EXECUTED, REFUSED or NOT_EXECUTABLE."));
        if (!Guid.TryParse(act.CommandId, out var id))
            faults.Add(new("act.command_id", "must be a UUID, a new one for every command."));
        if (act.Etag.Length == 0)
            faults.Add(new("act.etag", "must be the etag of the request as you saw it."));
        if (RequestName.Fault(act.Request) is { } fault)
            faults.Add(new("act.request", fault));
        return faults.Count > 0 ? throw Refusal.Invalid(faults) : keys.Command(id, caller, act);
    }

    async Task Check(Act act, RequestState state, bool recording, DateOnly today, Caller caller, CancellationToken ct)
    {
        List<Violation> faults = [.. new ActRules(act, state, recording, today, reference).Faults()];
        faults.AddRange(state.Dossier.DocumentFaults(state.Id, "act.documents", act.Documents(), state.SideOf(caller.State)));
        if (act.Letter() is { } letter)
            faults.AddRange(await cases.FaultsOf(letter, "act.letter.", caller, reference, ct));
        if (act.StepCase == Kind.NameSubjects)
            faults.AddRange(SubjectFaults.Of(act.NameSubjects, state.Subjects, RequestState.NameOf(state.Id), reference, today));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
    }

    async Task<SubjectsNamed?> Named(Act act, RequestState state, CancellationToken ct) => act.StepCase == Kind.NameSubjects
        ? await vault.Name(state.Id, state.Subjects, act.NameSubjects, state.Version + 1, ct)
        : null;

    async Task<List<PlacedStep>> Standing(Act act, RequestState state, CancellationToken ct) => act.StepCase is Kind.ProposeCorrection or Kind.ConfirmCorrection
        ? Corrections.Standing((await journal.OfAggregate(state.Id, ct)).Select(row => RequestState.Parse(row.Entry)))
        : [];

    /// <summary>
    /// The act as it is kept: letters and identities are ciphertext of their own already, and a copy here would outlive the
    /// key that erases a subject. What was signed is kept just as it was signed.
    /// </summary>
    static ByteString SealedAct(RequestKey key, Act act, Signature? signed)
    {
        if (signed is not null)
            return key.Seal(RequestKey.Act, signed.Content.Span);
        var kept = act.Clone();
        if (kept.SaveDraft is { } draft)
            draft.Letter = null;
        foreach (var subject in kept.NameSubjects?.Add ?? [])
            subject.Identity = null;
        return key.Seal(RequestKey.Act, kept);
    }

    static Signature? WithoutContent(Signature? signature)
    {
        var kept = signature?.Clone();
        kept?.Content = ByteString.Empty;
        return kept;
    }

    static Refusal Overtaken(Act act, RequestState state, Caller caller) => RequestRefusals.ChangedMeanwhile(
        amended: state.SideOf(caller.State) == Side.RequestedSide
            && int.TryParse(act.Etag.Trim('"'), out var seen) && seen < state.Dossier.LetterChangedIn);
}
