using Exchange.Client;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class EscalationService
{
    const int MaxLetterLength = 20_000;

    /// <summary>
    /// Takes a rung: the letter is recorded with the officer's signature, and Requests is told, which brings it to the partner's inbox. No
    /// rung is taken twice for a request, whoever else takes it at the same time.
    /// </summary>
    [Allow(CallerRole.Prosecutor, CallerRole.Liaison)]
    public override Task<TakenRung> TakeRung(TakeRungRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var command = RungEntry.Identify(request, caller, digests);
        var today = reference.Today(caller.State!, time);
        return commands.Handle(command,
            load: ct => Overdue(caller, [request.Partner], IdsOf(request.Requests), ct),
            decide: (overdue, _) =>
            {
                var requests = Validate(request, overdue, today, new(reference, time, caller.State!));
                Verify(request, caller);
                var (append, taken) = RungEntry.Compose(command, request, requests, caller, letters, today, time.GetUtcNow());
                return Task.FromResult(Decision.Write(append, taken));
            },
            firstAnswer: async (written, ct) => (await rungs.Find(written.AggregateId, ct))!.Taken,
            context.CancellationToken,
            onConflict: _ => TrackingRefusals.TakenMeanwhile());
    }

    /// <summary>
    /// The ids of the requests named, so that only their facts are read. None where one is named by its reference, which no column holds:
    /// then all that are overdue with the partner have to be read.
    /// </summary>
    static Guid[] IdsOf(IReadOnlyCollection<string> names)
    {
        var ids = names.Select(name => RequestId.TryParse(name, out var id) ? id : (Guid?)null).OfType<Guid>().ToArray();
        return ids.Length == names.Count ? ids : [];
    }

    /// <summary>The requests named, as they stand.</summary>
    /// <exception cref="Refusal">Invalid, with every violation of the command, of its letter too.</exception>
    List<RungRequest> Validate(
        TakeRungRequest request, IReadOnlyList<(RequestFacts Facts, PriorRung[] Taken)> overdue, DateOnly today, QueryReader reader)
    {
        if (!CommandIdentity.TryParseId(request.CommandId, out _))
            reader.AddViolation("command_id", CommandIdentity.IdFault);
        if (!reference.States.ContainsKey(request.Partner))
            reader.AddViolation("partner", QueryReader.UnknownState);
        if (reader.Defined(request.Rung, "rung") == Rung.Unspecified)
            reader.AddViolation("rung", "is missing.");
        if (request.Requests.Count is 0 or > 1_000)
            reader.AddViolation("requests", "name between 1 and 1000 requests.");
        if (request.Letter.Trim().Length == 0 || request.Letter.Length > MaxLetterLength)
            reader.AddViolation("letter", $"is empty, or longer than {MaxLetterLength} characters.");

        var byName = overdue.SelectMany(one =>
            new[] { (Name: one.Facts.Request, One: one), (Name: RequestId.Prefix + one.Facts.Reference, One: one) })
            .ToLookup(named => named.Name, named => named.One);
        List<RungRequest> named = [];
        HashSet<string> references = [];
        for (var i = 0; i < request.Requests.Count; i++)
        {
            if (byName[request.Requests[i]].FirstOrDefault() is not { Facts: { } facts } one)
                reader.AddViolation($"requests[{i}]", "is not a request of your state that is overdue with this partner.");
            else if (!references.Add(facts.Reference))
                reader.AddViolation($"requests[{i}]", "is named twice.");
            else if (Ladder.At(facts, today, one.Taken, ladder.Value) is var position && position.Due != request.Rung)
                reader.AddViolation($"requests[{i}]",
                    position.Due == Rung.Unspecified ? position.RestReason : $"is due for {position.Due}.");
            else
                named.Add(ToProto(facts, position));
        }
        foreach (var missing in references.Where(one => request.Letter.Length > 0 && !Names(request.Letter, one)))
            reader.AddViolation("letter", $"does not name {missing}.");
        reader.ThrowIfInvalid();
        return named;
    }

    /// <summary>The officer signed this very rung with the key of the certificate he calls with.</summary>
    /// <exception cref="Refusal">SIGNATURE_NEEDED or SIGNATURE_WRONG.</exception>
    static void Verify(TakeRungRequest request, Caller caller)
    {
        var signature = request.Signature ?? throw TrackingRefusals.SignatureNeeded();
        if (request.LetterSalt.Length != ActStatements.SaltLength)
            throw TrackingRefusals.SignatureWrong($"letter_salt must be {ActStatements.SaltLength} random bytes.");
        if (!RungSigning.ActOf(request).Equals(RungSigning.Read(signature.Content)))
            throw TrackingRefusals.SignatureWrong("the content must be the version byte and a RungAct that says what the question says.");
        if (ActSigning.Fault(signature, caller.Thumbprint) is { } fault)
            throw TrackingRefusals.SignatureWrong(fault);
    }

    /// <summary>Whether the letter contains the reference as a word of its own; within a longer reference it does not count.</summary>
    static bool Names(string letter, string reference)
    {
        for (var at = letter.IndexOf(reference, StringComparison.Ordinal); at >= 0;
            at = letter.IndexOf(reference, at + 1, StringComparison.Ordinal))
        {
            var end = at + reference.Length;
            if ((at == 0 || !char.IsLetterOrDigit(letter[at - 1])) && (end == letter.Length || !char.IsLetterOrDigit(letter[end])))
                return true;
        }
        return false;
    }
}
