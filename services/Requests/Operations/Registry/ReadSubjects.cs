using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    const int MostAtOnce = 200;
    const int JustificationLength = 500;

    /// <summary>
    /// Decrypts identities. The disclosure is durable in the journal before anything is shown: LED (EU) 2016/680 art. 25.
    /// </summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison, CallerRole.Service)]
    public override async Task<ReadSubjectsResponse> ReadSubjects(ReadSubjectsRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var ct = context.CancellationToken;
        Check(request, caller);
        var seen = await views.Find(request.Names, caller, ct);
        if (!caller.IsService)
            await Purposes.Check(request.Purpose, request.CaseNumber, caller, seen[0], cases, ct);

        var entry = await RecordReading(request, caller, seen, await EncryptReason(request, caller, seen[0].Id, ct), ct);
        // What the requested side's register says of another state's case is nobody's case to find links for.
        if (caller.IsService)
            seen = seen.ConvertAll(view => Disclosure.OwnerOf(view.Facts) is Side.RequestingSide ? view : view with { Subjects = [] });
        var subjects = await vault.Decrypt(seen, ct);
        return new()
        {
            JournalEntry = entry,
            Requests =
            {
                seen.Zip(subjects, (view, decrypted) => new SubjectsOfRequest
                {
                    Request = RequestId.NameOf(view.Id), Version = view.Version, CaseNumber = view.Facts.CaseNumber,
                    RequestingState = view.Facts.RequestingState, Subjects = { decrypted },
                }),
            },
        };
    }

    static void Check(ReadSubjectsRequest request, Caller caller)
    {
        if (caller.IsService && caller.Service != "correlation")
            throw RequestRefusals.NotForThisService();
        List<Violation> faults = [];
        var most = caller.IsService ? MostAtOnce : 1;
        if (request.Names.Count is 0 || request.Names.Count > most)
            faults.Add(new("names", $"must name 1 to {most} requests."));
        for (var i = 0; i < request.Names.Count; i++)
        {
            if (RequestName.Fault(request.Names[i]) is { } fault)
                faults.Add(new($"names[{i}]", fault));
        }
        if (!caller.IsService)
            faults.AddRange(Purposes.Faults(request.Purpose));
        else if (request.Purpose is not Purpose.Correlation)
            faults.Add(new("purpose", "must be CORRELATION, the only purpose of a service."));
        if (!caller.IsService && string.IsNullOrWhiteSpace(request.Justification))
            faults.Add(new("justification", "must say in your words, naming no person, why the identities are needed."));
        if (request.Justification.Length > JustificationLength)
            faults.Add(new("justification", $"must not be longer than {JustificationLength} characters."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
    }

    // Of a service neither case nor reason is kept: its purpose says all.
    async Task<ByteString> EncryptReason(ReadSubjectsRequest request, Caller caller, Guid id, CancellationToken ct) => caller.IsService
        ? ByteString.Empty
        : (await keys.Load(id, ct) ?? throw RequestRefusals.Erased()).Encrypt(RequestKey.Reading,
            new ReadingReason { CaseNumber = request.CaseNumber, Justification = request.Justification });

    /// <summary>Records the disclosure.</summary>
    /// <returns>The journal entry's aggregate.</returns>
    Task<string> RecordReading(
        ReadSubjectsRequest request, Caller caller, List<RequestView> seen, ByteString reason, CancellationToken ct)
    {
        // Every reading is a disclosure of its own, so the command is never one of before.
        var command = keys.Command(Guid.CreateVersion7(), caller, request) with { IsNew = true };
        var now = time.GetUtcNow();
        var entry = new JournalEntry
        {
            Aggregate = $"reads/{command.Id}", Version = 1, CommandId = command.Id.ToString(), RecordedAt = now.ToTimestamp(),
            Actor = RequestState.ActorOf(caller),
            Steps =
            {
                new Step
                {
                    OccurredOn = reference.DayAt(caller.State, now).ToIso(),
                    IdentitiesRead = new()
                    {
                        Requests = { seen.Select(view => RequestId.NameOf(view.Id)) },
                        Purpose = request.Purpose, EncryptedReason = reason,
                    },
                },
            },
        };
        var append = new Append(command.Id, 1, command.Id, command.Digest, EntryBytes.Of(FreeTexts.WithoutAny(entry)), now,
            caller.IsService ? null : ReadingStore.Row(entry), Event: null);
        return commands.Handle(command, _ => Task.FromResult(seen), (_, _) => Task.FromResult(Decision.Write(append, entry.Aggregate)),
            (_, _) => Task.FromResult(entry.Aggregate), ct);
    }
}
