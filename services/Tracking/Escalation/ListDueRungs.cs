using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class EscalationService
{
    /// <summary>The rungs that are due today in the caller's state, each with the letter proposed. Nothing is sent by it.</summary>
    [Allow(CallerRole.Prosecutor, CallerRole.Investigator, CallerRole.Liaison)]
    public override async Task<ListDueRungsResponse> ListDueRungs(ListDueRungsRequest request, ServerCallContext context)
    {
        var caller = context.Caller().State!;
        var reader = new QuestionReader(reference, time, caller);
        var partners = reader.Partners(request.Partners);
        reader.Refuse();

        var today = reference.Today(caller, time);
        var overdue = await rungs.Overdue(caller, partners, context.CancellationToken);
        var due = overdue.Select(one => (one.Facts, Place: Ladder.At(one.Facts, today, one.Taken, ladder.Value)))
            .Where(one => one.Place.Due != Rung.Unspecified)
            .OrderBy(one => one.Facts.DueOn(LimitKind.Policy)).ThenBy(one => one.Facts.Reference, StringComparer.Ordinal)
            .GroupBy(one => (one.Facts.RequestedState, one.Place.Due))
            .OrderBy(group => group.Key.RequestedState, StringComparer.Ordinal).ThenBy(group => group.Key.Due);
        return new()
        {
            Rungs =
            {
                from rung in due
                from letter in rung.Chunk(RungLetter.RequestsAtMost)
                select new DueRung
                {
                    Partner = rung.Key.RequestedState,
                    Rung = rung.Key.Due,
                    Requests = { letter.Select(one => Named(one.Facts, one.Place)) },
                    Letter = RungLetter.Of(rung.Key.Due, letter, today, reference),
                },
            },
        };
    }

    static RungRequest Named(RequestFacts facts, LadderPlace place) => new()
    {
        Request = facts.Request,
        Reference = facts.Reference,
        TransmittedOn = facts.TransmittedOn,
        DueOn = facts.DueOn(LimitKind.Policy)!.Value.Text(),
        TakenBefore = place.Before.Rung,
        TakenOn = place.Before.Rung == Rung.Unspecified ? "" : place.Before.On.Text(),
    };
}
