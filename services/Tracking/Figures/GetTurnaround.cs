using Exchange.Platform;
using Exchange.Reference;
using Exchange.Tracking.V1;
using Grpc.Core;

namespace Exchange.Tracking;

sealed partial class ResponseTrackingService
{
    /// <summary>Figures over the requests of the caller's state, a row per group.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison, CallerRole.Operator)]
    public override async Task<GetTurnaroundResponse> GetTurnaround(GetTurnaroundRequest request, ServerCallContext context)
    {
        var reader = new QueryReader(reference, time, context.Caller().State!);
        var query = reader.Read(request.Direction, request.AsOf, request.KnownBy, request.Filter, request.LimitKind);
        var grouping = reader.Defined(request.Grouping, "grouping") == Grouping.Unspecified ? Grouping.Partner : request.Grouping;
        var period = reader.Period(request.PeriodFrom, request.PeriodTo, query.AsOf);
        reader.ThrowIfInvalid();

        var table = new TurnaroundTable(query, grouping, period, reference);
        return query.KnownBy is null ? await KnownNow(table, query, context.CancellationToken)
            : await KnownThen(table, query, context.CancellationToken);
    }

    async Task<GetTurnaroundResponse> KnownNow(TurnaroundTable table, FiguresQuery query, CancellationToken ct)
    {
        var (rows, at) = await columns.Ask(table.Rows, ct);
        var response = ToResponse(query, rows, at.SealedNo);
        response.FactsChangeNo = at.ChangeNo;
        return response;
    }

    /// <summary>
    /// From the versions in the database, which the live column store does not hold, through a column store of their own.
    /// </summary>
    async Task<GetTurnaroundResponse> KnownThen(TurnaroundTable table, FiguresQuery query, CancellationToken ct)
    {
        var known = new ColumnStore();
        var count = 0;
        var sealedNo = await store.Read(query, facts => known.Put(count++, facts), ct);
        return ToResponse(query, table.Rows(known), sealedNo);
    }

    static GetTurnaroundResponse ToResponse(FiguresQuery query, List<TurnaroundRow> rows, long sealedNo) => new()
    {
        AsOf = query.AsOf.ToIso(),
        SealedNo = sealedNo,
        Rows = { rows },
        Definitions = { Definitions.All },
    };
}
