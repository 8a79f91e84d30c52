using System.Text.RegularExpressions;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class CaseRegistryService
{
    const int MostAdmitted = 100;

    /// <summary>Opens a case of the caller's state, or changes it.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<CriminalCase> KeepCase(KeepCaseRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var asked = request.Case ?? new();
        var kept = new CaseParticulars
        {
            Number = asked.Number, Lead = asked.Lead, Participants = { asked.Participants }, Officers = { asked.Officers },
        };
        Check(kept, asked.Restricted, CommandIdentity.TryParseId(request.CommandId, out var id), caller);
        var command = keys.Command(id, caller, request);
        var newId = Guid.CreateVersion7(time.GetUtcNow());
        RequestKey? made = null;
        return ToProto(await commands.Handle(command, Load, Decide, FirstAnswer, ct, _ => RequestRefusals.CaseChangedMeanwhile()));

        // Whoever was shut out since learns nothing from a command of his sent again. That a number is taken cannot be hidden from
        // who opens a case under it: it has to be refused, and is told what is told of an absent case.
        async Task<CaseState?> Load(CancellationToken token) =>
            await cases.Find(caller.State!, kept.Number, token) is { } found
                ? found.IsClosedTo(caller) ? throw RequestRefusals.NoCase(kept.Number) : found
                : null;

        async Task<Decision<CaseState>> Decide(CaseState? before, CancellationToken token)
        {
            if (before is not null)
                MayChange(before, asked, caller);
            var key = before is null ? made ??= await keys.Make(newId, token)
                : await keys.Load(before.Id, token) ?? throw RequestRefusals.CaseErased();
            var stored = CaseState.ToStore(caller.State!, asked.Restricted, kept, key, index);
            var (append, after) = Compose(before, before?.Id ?? newId, stored, kept, caller, command);
            return Decision.Write(append, after) with { Undo = before is null ? Undo : null };
        }

        Task Undo()
        {
            made = null;
            return keys.Remove(newId);
        }

        async Task<CaseState> FirstAnswer(WrittenCommand written, CancellationToken token)
        {
            // A copy of the command was recorded meanwhile, for a case of its own: the key made here is nobody's.
            if (made is not null && written.AggregateId != newId)
                await Undo();
            return (await Load(token))!;
        }
    }

    (Append Append, CaseState After) Compose(
        CaseState? before, Guid id, CaseKept stored, CaseParticulars kept, Caller caller, CommandIdentity command)
    {
        var now = time.GetUtcNow();
        var entry = new JournalEntry
        {
            Aggregate = CaseState.NameOf(id), Version = (before?.Version ?? 0) + 1,
            PreviousHash = ByteString.CopyFrom(before?.HeadHash ?? []),
            CommandId = command.Id.ToString(), RecordedAt = now.ToTimestamp(), Actor = RequestState.ActorOf(caller),
            Steps = { new Step { OccurredOn = reference.Today(caller.State!, time).ToIso(), CaseKept = stored } },
        };
        var bytes = EntryBytes.Of(FreeTexts.WithoutAny(entry));
        var openedBy = before?.OpenedBy ?? entry.Actor.Identity;
        return (new(id, entry.Version, command.Id, command.Digest, bytes, now, CaseStore.Row(stored, openedBy), Event: null),
            new(id, entry.Version, EntryBytes.HashOf(bytes), stored, openedBy, kept));
    }

    static void MayChange(CaseState before, CriminalCase asked, Caller caller)
    {
        if (!before.Admits(caller) && caller.Role is not (CallerRole.Prosecutor or CallerRole.Liaison))
            throw RequestRefusals.NotYourCase(asked.Number);
        if (asked.Etag != before.Etag)
            throw RequestRefusals.CaseChangedMeanwhile();
    }

    static void Check(CaseParticulars kept, bool restricted, bool hasCommandId, Caller caller)
    {
        List<Violation> faults = [];
        if (!hasCommandId)
            faults.Add(new("command_id", CommandIdentity.IdFault));
        if (CaseNumber.Normalise(kept.Number).Length == 0 || kept.Number.Length > 64)
            faults.Add(new("case.number", "must have 1 to 64 characters."));
        if (!Unit().IsMatch(kept.Lead))
            faults.Add(new("case.lead", "must be the unit in charge, authority/unit, as in the certificates of its officers."));
        else if (caller.Role == CallerRole.Investigator && !CaseState.Admits(caller.State!, kept, caller))
            faults.Add(new("case.lead", "must be your own unit, or you must take part: a case is opened by those who work on it."));
        foreach (var (i, unit) in kept.Participants.Index())
            if (!Unit().IsMatch(unit))
                faults.Add(new($"case.participants[{i}]", "must be authority/unit."));
        foreach (var (i, officer) in kept.Officers.Index())
            if (!Officer().IsMatch(officer))
                faults.Add(new($"case.officers[{i}]", "must be authority/unit/number."));
        if (kept.Participants.Count + kept.Officers.Count > MostAdmitted)
            faults.Add(new("case.officers", $"must leave at most {MostAdmitted} units and officers."));
        if (restricted && !CaseState.Admits(caller.State!, kept, caller))
            faults.Add(new("case.restricted",
                "must not shut yourself out: name yourself or your unit, or have somebody who is named restrict it."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
    }

    const string Word = "[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?";

    [GeneratedRegex($@"\A{Word}/{Word}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Unit();

    [GeneratedRegex($@"\A{Word}/{Word}/[A-Za-z0-9][A-Za-z0-9-]{{0,31}}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Officer();
}
