using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class EscalationService
{
    /// <summary>
    /// The rungs that are due today in the caller's state, each with the letter that is proposed. Sends and records nothing.
    /// </summary>
    [Allow(CallerRole.Prosecutor, CallerRole.Investigator, CallerRole.Liaison)]
    public override async Task<ListDueRungsResponse> ListDueRungs(ListDueRungsRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var reader = new QueryReader(reference, time, caller.State!);
        var partners = reader.Partners(request.Partners);
        reader.ThrowIfInvalid();

        var today = reference.Today(caller.State!, time);
        var overdue = await Overdue(caller, partners, [], context.CancellationToken);
        var due = overdue.Select(one => (one.Facts, Position: Ladder.At(one.Facts, today, one.Taken, ladder.Value)))
            .Where(one => one.Position.Due != Rung.Unspecified)
            .OrderBy(one => one.Facts.DueOn(LimitKind.Policy)).ThenBy(one => one.Facts.Reference, StringComparer.Ordinal)
            .GroupBy(one => (one.Facts.RequestedState, one.Position.Due))
            .OrderBy(group => group.Key.RequestedState, StringComparer.Ordinal).ThenBy(group => group.Key.Due);
        return new()
        {
            Rungs =
            {
                from rung in due
                from letter in rung.Chunk(RungLetter.MaxRequests)
                select new DueRung
                {
                    Partner = rung.Key.RequestedState,
                    Rung = rung.Key.Due,
                    Requests = { letter.Select(one => ToProto(one.Facts, one.Position)) },
                    Letter = RungLetter.Of(rung.Key.Due, letter, today, reference),
                },
            },
        };
    }

    /// <summary>What is overdue, without what is closed to the caller.</summary>
    async Task<List<(RequestFacts Facts, PriorRung[] Taken)>> Overdue(
        Caller caller, string[] partners, Guid[] requests, CancellationToken ct)
    {
        var hidden = (await closed.To(caller, ct)).ToHashSet();
        var overdue = await rungs.Overdue(caller.State!, partners, requests, ct);
        return hidden.Count == 0 ? overdue : overdue.FindAll(one => !hidden.Contains(one.Facts.Id()));
    }

    static RungRequest ToProto(RequestFacts facts, LadderPosition position) => new()
    {
        Request = facts.Request,
        Reference = facts.Reference,
        TransmittedOn = facts.TransmittedOn,
        DueOn = facts.DueOn(LimitKind.Policy)!.Value.ToIso(),
        TakenBefore = position.Previous.Rung,
        TakenOn = position.Previous.Rung == Rung.Unspecified ? "" : position.Previous.On.ToIso(),
    };
}
