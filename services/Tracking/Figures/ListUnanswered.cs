using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class ResponseTrackingService
{
    /// <summary>What fell due and is unanswered, the longest overdue first, page by page.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison, CallerRole.Operator)]
    public override async Task<ListUnansweredResponse> ListUnanswered(ListUnansweredRequest request, ServerCallContext context)
    {
        var caller = context.Caller().State!;
        var reader = new QuestionReader(reference, time, caller);
        var token = PageToken.Read<PlaceOnDay>(request, request.PageToken, caller, reader);
        var question = reader.Read(request.Direction, token?.AsOf ?? request.AsOf, request.KnownBy, request.Filter, request.LimitKind);
        var page = new UnansweredPage(reader.PageSize(request.PageSize, 100), token?.Last);
        reader.Refuse();

        var sealedNo = await store.Read(question, Offer, context.CancellationToken);
        var flags = await database.Flags([.. page.Items.Select(item => item.Place.Id)], question.Kind, context.CancellationToken);
        var flagged = flags.ToDictionary(flag => (flag.RequestId, flag.DueOn));
        return new()
        {
            AsOf = question.AsOf.Text(),
            SealedNo = sealedNo,
            TotalSize = page.Total,
            Requests = { page.Items.Select(item => Told(item.Seen, flagged.GetValueOrDefault((item.Place.Id, item.Place.DueOn)))) },
            NextPageToken = page.Next is { } last ? PageToken.Write(request, caller, new PlaceOnDay(question.AsOf.Text(), last)) : "",
        };

        void Offer(RequestFacts facts)
        {
            if (question.See(facts, reference) is { Clock.Overdue: true } seen)
                page.Offer(seen);
        }
    }

    static UnansweredRequest Told(Seen seen, Flag? flag)
    {
        var (facts, clock) = (seen.Facts, seen.Clock);
        var due = clock.DueOn!.Value;
        var told = new UnansweredRequest
        {
            Request = facts.Request,
            Reference = facts.Reference,
            CaseNumber = facts.CaseNumber,
            RequestingState = facts.RequestingState,
            RequestedState = facts.RequestedState,
            Bloc = seen.Bloc,
            TransmittedOn = clock.TransmittedOn.Text(),
            DueOn = due.Text(),
            DaysOverdue = clock.SeenOn.DaysSince(due),
            Silent = clock.Silent,
            WaitingOnUs = clock.WaitingOnUs,
        };
        if (flag is not null)
        {
            told.FlagRaisedAt = flag.RaisedAt.ToTimestamp();
            told.FlagOrigin = flag.Origin;
        }
        return told;
    }
}
