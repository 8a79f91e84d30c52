using Exchange.Platform;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class ResponseTrackingService
{
    /// <summary>Figures over the requests of the caller's state, a row per group.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison, CallerRole.Operator)]
    public override async Task<GetTurnaroundResponse> GetTurnaround(GetTurnaroundRequest request, ServerCallContext context)
    {
        var reader = new QuestionReader(reference, time, context.Caller().State!);
        var question = reader.Read(request.Direction, request.AsOf, request.KnownBy, request.Filter, request.LimitKind);
        var grouping = reader.Known(request.Grouping, "grouping") == Grouping.Unspecified ? Grouping.Partner : request.Grouping;
        var period = reader.Period(request.PeriodFrom, request.PeriodTo, question.AsOf);
        reader.Refuse();

        var table = new Table(question, grouping, period, reference);
        var sealedNo = await store.Read(question, table.Add, context.CancellationToken);
        return new()
        {
            AsOf = question.AsOf.Text(),
            SealedNo = sealedNo,
            Rows = { table.Rows() },
            Definitions = { Definitions.All },
        };
    }
}
