using Exchange.Platform;
using Exchange.Reference;
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
        var caller = context.Caller();
        var reader = new QueryReader(reference, time, caller.State!);
        var token = reader.PageToken<PositionOnDay>(request.PageToken, request);
        var query = reader.Read(request.Direction, token?.AsOf ?? request.AsOf, request.KnownBy, request.Filter, request.LimitKind);
        var size = reader.PageSize(request.PageSize, 100);
        reader.ThrowIfInvalid();
        // Cases are restricted within the state that sent the request; the other side has none.
        if (query.Outgoing)
            query = query with { Closed = (await closed.To(caller, context.CancellationToken)).ToHashSet() };

        var (page, total, sealedNo) = await unanswered.Page(query, size, token?.Last, context.CancellationToken);
        Guid[] ids = [.. page.Items.Select(item => item.Position.Id)];
        var flags = query.Outgoing ? await database.Flags(ids, query.Kind, context.CancellationToken)
            : await database.FlagsAsTold(ids, query.Kind, time.GetUtcNow(), reference, context.CancellationToken);
        var numbers = await cases.Of(caller, page.Items.Select(item => item.Request.Facts.Request), context.CancellationToken);
        var flagOf = flags.ToDictionary(flag => (flag.RequestId, flag.DueOn));
        return new()
        {
            AsOf = query.AsOf.ToIso(),
            SealedNo = sealedNo,
            TotalSize = total,
            Requests = { page.Items.Select(item =>
                ToProto(item.Request, numbers.GetValueOrDefault(item.Request.Facts.Request, ""),
                    flagOf.GetValueOrDefault((item.Position.Id, item.Position.DueOn)))) },
            NextPageToken = page.Next is { } last
                ? PageToken.EncodeFor(request, caller.State!, new PositionOnDay(query.AsOf.ToIso(), last)) : "",
        };
    }

    static UnansweredRequest ToProto(SelectedRequest request, string caseNumber, Flag? flag)
    {
        var (facts, clock) = (request.Facts, request.Clock);
        var due = clock.DueOn!.Value;
        var unanswered = new UnansweredRequest
        {
            Request = facts.Request,
            Reference = facts.Reference,
            CaseNumber = caseNumber,
            RequestingState = facts.RequestingState,
            RequestedState = facts.RequestedState,
            Bloc = request.Bloc,
            TransmittedOn = clock.TransmittedOn.ToIso(),
            DueOn = due.ToIso(),
            DaysOverdue = clock.SeenOn.DaysSince(due),
            Silent = clock.Silent,
            WaitingOnUs = clock.WaitingOnUs,
        };
        if (flag is not null)
        {
            unanswered.FlagRaisedAt = flag.RaisedAt.ToTimestamp();
            unanswered.FlagOrigin = flag.Origin;
        }
        return unanswered;
    }
}
