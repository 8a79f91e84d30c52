using System.Security.Cryptography;
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
        var states = await store.FindNamed(request.Names, caller, ct);
        if (!caller.IsService)
            Purposes.Check(request.Purpose, request.CaseNumber, caller, states[0]);

        var entry = await RecordReading(request, caller, states, ct);
        var subjects = await vault.Decrypt(states, ct);
        return new()
        {
            JournalEntry = entry,
            Requests =
            {
                states.Zip(subjects, (state, decrypted) => new SubjectsOfRequest
                {
                    Request = RequestId.NameOf(state.Id), Version = state.Version, CaseNumber = state.Facts.CaseNumber,
                    RequestingState = state.Facts.RequestingState, Subjects = { decrypted },
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
        if (caller.IsService != (request.Purpose is Purpose.Correlation))
            faults.Add(new("purpose",
                "must be INVESTIGATION, EXECUTION or SUPERVISION; CORRELATION is for the service of that name, and only that."));
        if (request.Purpose is Purpose.Unspecified)
            faults.Add(new("purpose", "must be given: identities are read for a coded purpose only."));
        if (!caller.IsService && string.IsNullOrWhiteSpace(request.CaseNumber))
            faults.Add(new("case_number", "must name the case of yours that the reading serves."));
        if (!caller.IsService && string.IsNullOrWhiteSpace(request.Justification))
            faults.Add(new("justification", "must say in your words, naming no person, why the identities are needed."));
        if (request.Justification.Length > JustificationLength)
            faults.Add(new("justification", $"must not be longer than {JustificationLength} characters."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
    }

    /// <summary>Records the disclosure.</summary>
    /// <returns>The journal entry's aggregate.</returns>
    Task<string> RecordReading(ReadSubjectsRequest request, Caller caller, List<RequestState> states, CancellationToken ct)
    {
        // Every reading is a disclosure of its own, so the command is never one of before.
        var command = CommandIdentity.New(SHA256.HashData(request.ToByteArray()));
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
                        Requests = { states.Select(state => RequestId.NameOf(state.Id)) },
                        Purpose = request.Purpose, CaseNumber = request.CaseNumber, Justification = request.Justification,
                    },
                },
            },
        };
        var append = new Append(command.Id, 1, command.Id, command.Digest, EntryBytes.Of(entry), now, State: null, Event: null);
        return commands.Handle(command, _ => Task.FromResult(states), (_, _) => Task.FromResult(Decision.Write(append, entry.Aggregate)),
            (_, _) => Task.FromResult(entry.Aggregate), ct);
    }
}
