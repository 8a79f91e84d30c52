using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Microsoft.Extensions.Options;

namespace Exchange.Requests;

/// <summary>Opens drafts.</summary>
sealed class DraftDesk(
    RequestStore store, CaseStore cases, RequestKeys keys, Ledger ledger, Journal journal, References references, ReferenceData reference,
    IOptions<InstallationOptions> installation, TimeProvider time)
{
    const int MaxTries = 100;

    /// <summary>From what the letter it replaces may be; see the table, step SUPERSEDE.</summary>
    static readonly IReadOnlyList<Status> Replaceable = LifecycleTable.Of[StepCode.Supersede].Single().From;

    /// <summary>Opens a draft of the caller's state under a new reference.</summary>
    /// <exception cref="Refusal">Faulty, all faults named; or the request it replaces is not at an end.</exception>
    public async Task<(RequestState State, int Version)> Open(CreateDraftRequest request, Caller caller, CancellationToken ct)
    {
        var letter = request.Letter ?? new();
        await Check(letter, request, caller, ct);
        var command = keys.Command(Guid.Parse(request.CommandId), caller, request);
        var replaced = request.Supersedes.Length == 0 ? null : await Replaced(request.Supersedes, caller, ct);
        for (var tries = 0; ; tries++)
        {
            if (await journal.Find(command.Id, ct) is { } written)
            {
                return written.Digest.AsSpan().SequenceEqual(command.Digest)
                    ? ((await store.Find([written.AggregateId], null, ct))[written.AggregateId], written.Version)
                    : throw RequestRefusals.CommandReused();
            }
            if (tries == MaxTries)
                throw RequestRefusals.NoReference();
            var id = Guid.CreateVersion7(time.GetUtcNow());
            var number = await references.Next(caller.State!, reference.Today(caller.State!, time).Year, ct);
            var draft = Draft(id, number, letter, replaced, caller, await keys.Make(id, ct));
            var entry = draft.Compose(null, id, RequestState.ActorOf(caller), command, time.GetUtcNow());
            if (await ledger.Append(entry, ct) is AppendOutcome.Appended)
                return (RequestState.After(entry, draft), entry.Version);
            // The reference was taken meanwhile by a register or another replica, or the command came twice: the next look at the journal tells.
        }
    }

    RequestChange Draft(Guid id, string number, Letter letter, RequestState? replaced, Caller caller, RequestKey key)
    {
        var facts = new RequestFacts
        {
            Reference = number, RequestingState = caller.State, Status = Status.Draft, Origin = Origin.OnTheExchange,
            Supersedes = replaced is null ? "" : RequestState.NameOf(replaced.Id),
        }.Say(letter);
        var box = key.Seal(RequestKey.Letter, letter);
        var step = new Step { OccurredOn = RegisterFacts.Iso(reference.Today(caller.State!, time)), LetterWritten = new() { SealedLetter = box } };
        return new(facts, new(), [step])
        {
            Code = StepCode.SaveDraft,
            SealedLetter = box,
            Dossier = new() { LetterHash = ByteString.CopyFrom(LetterHash.OfText(letter)), LetterChangedIn = 1, Authors = { caller.ToString() } },
        };
    }

    async Task Check(Letter letter, CreateDraftRequest request, Caller caller, CancellationToken ct)
    {
        List<Violation> faults = await cases.FaultsOf(letter, "letter.", caller, reference, ct);
        if (!Guid.TryParse(request.CommandId, out _))
            faults.Add(new("command_id", "must be a UUID, a new one for every command."));
        if (request.Supersedes.Length > 0 && RequestName.Fault(request.Supersedes) is { } fault)
            faults.Add(new("supersedes", fault));
        // Officers of a partner state file here what they ask of this installation's authority, and nothing else.
        if (caller.State != installation.Value.State && letter.RequestedState != installation.Value.State)
            faults.Add(new("letter.requested_state", $"must be {installation.Value.State}: requests to other states are not filed at this installation."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
    }

    async Task<RequestState> Replaced(string name, Caller caller, CancellationToken ct)
    {
        var replaced = await store.FindNamed(name, caller, ct);
        if (replaced.Facts.RequestingState != caller.State)
            throw RequestRefusals.NotFound(name);
        return Replaceable.Contains(replaced.Facts.Status) && replaced.Facts.SupersededBy.Length == 0
            ? replaced
            : throw RequestRefusals.NotSuperseded(replaced.Facts.Reference);
    }
}
