using System.Security.Cryptography;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class EscalationService
{
    const int LongestLetter = 20_000;

    /// <summary>Takes a rung: recorded, kept, and told to Requests, which brings it to the partner's inbox. Never twice for a request.</summary>
    [Allow(CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<TakenRung> TakeRung(TakeRungRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var digest = RungEntry.Digest(request, caller);
        var commandId = Guid.TryParse(request.CommandId, out var parsed) ? parsed : Guid.Empty;
        var today = reference.Today(caller.State!, time);
        var overdue = await rungs.Overdue(caller.State!, [request.Partner], context.CancellationToken);
        // Asked after the reading: where a copy of this command was recorded meanwhile, its rung is seen as taken and would be refused.
        if (await TakenBefore(commandId, digest, context.CancellationToken) is { } before)
            return before;

        var requests = Confirmed(request, overdue, today, new(reference, time, caller.State!));
        var (append, taken) = RungEntry.Compose(request, requests, commandId, caller, today, time.GetUtcNow());
        return await ledger.Append(append, context.CancellationToken) switch
        {
            AppendOutcome.Appended => taken,
            AppendOutcome.Repeated => (await TakenBefore(commandId, digest, context.CancellationToken))!,
            AppendOutcome.CommandReused => throw TrackingRefusals.CommandReused(),
            _ => throw TrackingRefusals.TakenMeanwhile(),
        };
    }

    async Task<TakenRung?> TakenBefore(Guid commandId, byte[] digest, CancellationToken ct) =>
        await rungs.OfCommand(commandId, ct) is not { } known ? null
        : CryptographicOperations.FixedTimeEquals(known.Digest, digest) ? known.Taken
        : throw TrackingRefusals.CommandReused();

    /// <summary>The requests as they stand; every fault at once, of the letter too.</summary>
    List<RungRequest> Confirmed(
        TakeRungRequest request, IReadOnlyList<(RequestFacts Facts, TakenOnce[] Taken)> overdue, DateOnly today, QuestionReader reader)
    {
        if (!Guid.TryParse(request.CommandId, out _))
            reader.Fault("command_id", "is not a UUID; make one for every command.");
        if (!reference.States.ContainsKey(request.Partner))
            reader.Fault("partner", QuestionReader.UnknownState);
        if (reader.Known(request.Rung, "rung") == Rung.Unspecified)
            reader.Fault("rung", "is missing.");
        if (request.Requests.Count is 0 or > 1_000)
            reader.Fault("requests", "name between 1 and 1000 requests.");
        if (request.Letter.Trim().Length == 0 || request.Letter.Length > LongestLetter)
            reader.Fault("letter", $"is empty, or longer than {LongestLetter} characters.");

        var byName = overdue.SelectMany(one => new[] { (Name: one.Facts.Request, One: one), (Name: $"requests/{one.Facts.Reference}", One: one) })
            .ToLookup(named => named.Name, named => named.One);
        List<RungRequest> named = [];
        HashSet<string> references = [];
        for (var i = 0; i < request.Requests.Count; i++)
        {
            if (byName[request.Requests[i]].FirstOrDefault() is not { Facts: { } facts } one)
                reader.Fault($"requests[{i}]", "is not a request of your state that is overdue with this partner.");
            else if (!references.Add(facts.Reference))
                reader.Fault($"requests[{i}]", "is named twice.");
            else if (Ladder.At(facts, today, one.Taken, ladder.Value) is var place && place.Due != request.Rung)
                reader.Fault($"requests[{i}]", place.Due == Rung.Unspecified ? place.Rests : $"is due for {place.Due}.");
            else
                named.Add(Named(facts, place));
        }
        foreach (var missing in references.Where(one => request.Letter.Length > 0 && !Names(request.Letter, one)))
            reader.Fault("letter", $"does not name {missing}.");
        reader.Refuse();
        return named;
    }

    /// <summary>As a word of its own: a shorter reference also stands within a longer one.</summary>
    static bool Names(string letter, string reference)
    {
        for (var at = letter.IndexOf(reference, StringComparison.Ordinal); at >= 0; at = letter.IndexOf(reference, at + 1, StringComparison.Ordinal))
        {
            var end = at + reference.Length;
            if ((at == 0 || !char.IsLetterOrDigit(letter[at - 1])) && (end == letter.Length || !char.IsLetterOrDigit(letter[end])))
                return true;
        }
        return false;
    }
}
