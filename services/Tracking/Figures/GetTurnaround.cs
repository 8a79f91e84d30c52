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
        return question.KnownBy is null ? await AsOfNow(table, question, context.CancellationToken)
            : await AsKnownThen(table, question, context.CancellationToken);
    }

    async Task<GetTurnaroundResponse> AsOfNow(Table table, Question question, CancellationToken ct)
    {
        var (rows, at) = await columns.Ask(table.Rows, ct);
        var response = Told(question, rows, at.SealedNo);
        response.FactsChangeNo = at.ChangeNo;
        return response;
    }

    /// <summary>From the versions in the database, which memory does not hold; through columns of their own.</summary>
    async Task<GetTurnaroundResponse> AsKnownThen(Table table, Question question, CancellationToken ct)
    {
        var known = new Columns();
        var count = 0;
        var sealedNo = await store.Read(question, facts => known.Put(count++, facts), ct);
        return Told(question, table.Rows(known), sealedNo);
    }

    static GetTurnaroundResponse Told(Question question, List<TurnaroundRow> rows, long sealedNo) => new()
    {
        AsOf = question.AsOf.Text(),
        SealedNo = sealedNo,
        Rows = { rows },
        Definitions = { Definitions.All },
    };
}
