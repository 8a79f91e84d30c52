using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;
using Microsoft.Extensions.Options;

namespace Exchange.Requests;

/// <summary>Opens drafts.</summary>
sealed class DraftHandler(
    RequestStore store, CaseStore cases, RequestKeys keys, LookupIndex index, CommandHandler commands, References references,
    ReferenceData reference, IOptions<InstallationOptions> installation, TimeProvider time)
{
    /// <summary>From what the letter it replaces may be; see the table, step SUPERSEDE.</summary>
    static readonly IReadOnlyList<Status> Replaceable = LifecycleTable.Of[StepCode.Supersede].Single().From;

    /// <summary>Opens a draft of the caller's state under a new reference.</summary>
    /// <returns>The request as it is now, and the version this command wrote.</returns>
    /// <exception cref="Refusal">Faulty, all faults named; or the request it replaces is not at an end.</exception>
    public async Task<(RequestState State, int Version)> Open(CreateDraftRequest request, Caller caller, CancellationToken ct)
    {
        // Without an id nothing can be looked up, and what else is wrong is said at once.
        if (!CommandIdentity.TryParseId(request.CommandId, out var commandId))
            throw Refusal.Invalid(FaultsOf(request, await Load(request, caller, ct), caller));

        var command = keys.Command(commandId, caller, request);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        RequestKey? key = null;
        return await commands.Handle(command, token => Load(request, caller, token), Decide, FirstAnswer, ct);

        async Task<Decision<(RequestState, int)>> Decide(DraftBasis basis, CancellationToken token)
        {
            if (FaultsOf(request, basis, caller) is { Count: > 0 } faults)
                throw Refusal.Invalid(faults);
            CheckReplaced(request.Supersedes, basis.Replaced, caller);
            // A register or another replica may hold the reference; then the ledger says so and the next one is tried.
            var number = await references.Next(caller.State!, reference.Today(caller.State!, time).Year, token);
            key ??= await keys.Make(id, token);
            var draft = Draft(number, request.Letter ?? new(), basis, caller).EncryptLetter(key).EncryptParticulars(key, index);
            var entry = draft.Compose(null, id, RequestState.ActorOf(caller), command, time.GetUtcNow());
            return Decision.Write(entry, (RequestState.After(entry, draft), entry.Version)) with
            {
                Undo = () =>
                {
                    key = null;
                    return keys.Remove(id);
                },
            };
        }

        // Who wrote the draft sees it, unless its case was closed to him since: then it is to him as if it were not there.
        async Task<(RequestState, int)> FirstAnswer(WrittenCommand written, CancellationToken token)
        {
            // A copy of the command was recorded meanwhile, for a request of its own: the key made here is nobody's.
            if (key is not null && written.AggregateId != id)
                await keys.Remove(id);
            return (await store.Find([written.AggregateId], caller, token)).TryGetValue(written.AggregateId, out var state)
                ? (state, written.Version)
                : throw RequestRefusals.NotFound(RequestId.NameOf(written.AggregateId));
        }
    }

    async Task<DraftBasis> Load(CreateDraftRequest request, Caller caller, CancellationToken ct) => new(
        await cases.Find(caller.State!, request.Letter?.CaseNumber ?? "", ct),
        RequestName.Fault(request.Supersedes) is null ? await store.FindNamedOrNull(request.Supersedes, caller, ct) : null);

    RequestChange Draft(string number, Letter letter, DraftBasis basis, Caller caller)
    {
        var facts = new RequestFacts
        {
            Reference = number, RequestingState = caller.State, Status = Status.Draft, Origin = Origin.OnTheExchange,
            Supersedes = basis.Replaced is { } replaced ? RequestId.NameOf(replaced.Id) : "",
        }.CopyFrom(letter);
        var step = new Step { OccurredOn = reference.Today(caller.State!, time).ToIso(), LetterWritten = new() };
        var salted = SaltedLetter.Of(letter);
        return new(facts, new(), [step])
        {
            Code = StepCode.SaveDraft,
            NewLetter = salted,
            Dossier = new RequestDossier
            {
                LetterHash = ByteString.CopyFrom(salted.Commitment), LetterChangedIn = 1,
                Authors = { caller.ToString() }
            }.SetCase(basis.CaseOfLetter, caller),
        };
    }

    List<Violation> FaultsOf(CreateDraftRequest request, DraftBasis basis, Caller caller)
    {
        var letter = request.Letter ?? new();
        var faults = LetterRules.FaultsOfAuthor(letter, "letter.", caller, reference);
        if (!CommandIdentity.TryParseId(request.CommandId, out _))
            faults.Add(new("command_id", CommandIdentity.IdFault));
        if (request.Supersedes.Length > 0 && RequestName.Fault(request.Supersedes) is { } fault)
            faults.Add(new("supersedes", fault));
        // Officers of a partner state file here what they ask of this installation's authority, and nothing else.
        if (caller.State != installation.Value.State && letter.RequestedState != installation.Value.State)
        {
            faults.Add(new("letter.requested_state",
                $"must be {installation.Value.State}: requests to other states are not filed at this installation."));
        }
        return faults;
    }

    static void CheckReplaced(string name, RequestState? replaced, Caller caller)
    {
        if (name.Length == 0)
            return;
        if (replaced is null || replaced.Facts.RequestingState != caller.State)
            throw RequestRefusals.NotFound(name);
        if (!Replaceable.Contains(replaced.Facts.Status) || replaced.Facts.SupersededBy.Length > 0)
            throw RequestRefusals.NotSuperseded(replaced.Facts.Reference);
    }

    /// <summary>What a draft is judged by.</summary>
    /// <param name="CaseOfLetter">The case that the letter names; null when it is not kept here.</param>
    /// <param name="Replaced">The request that it is to replace; null when there is none that the caller sees.</param>
    sealed record DraftBasis(CaseState? CaseOfLetter, RequestState? Replaced);
}
