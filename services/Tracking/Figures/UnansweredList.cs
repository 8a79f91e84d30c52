using Exchange.Reference;

namespace Exchange.Tracking;

/// <summary>A page of what is unanswered, with the size of the whole list and the number of Requests' journal that it stands on.</summary>
sealed record UnansweredAnswer(UnansweredPage Page, int Total, long SealedNo);

/// <summary>
/// Lists what fell due and is unanswered, page by page. What is known now is searched in the column store, and only the facts among
/// which the page is are read; what was known at an earlier instant is in no column store, and is read from all versions.
/// </summary>
sealed class UnansweredList(LiveColumnStore columns, FactsStore store, ReferenceData reference)
{
    /// <summary>A page of the list.</summary>
    /// <param name="size">How many requests the page has, at most.</param>
    /// <param name="after">The position of the last request of the page before; null for the first page.</param>
    public Task<UnansweredAnswer> Page(FiguresQuery query, int size, UnansweredPosition? after, CancellationToken ct) =>
        query.KnownBy is null ? KnownNow(query, size, after, ct) : KnownThen(query, size, after, ct);

    async Task<UnansweredAnswer> KnownNow(FiguresQuery query, int size, UnansweredPosition? after, CancellationToken ct)
    {
        var closed = await store.RowsOf(query.Closed, ct);
        while (true)
        {
            var (overdue, at) = await columns.Ask(columnStore => OverdueScan.Find(columnStore, query, closed, reference, size, after), ct);
            var page = new UnansweredPage(size, after);
            var unchanged = 0;
            await store.ReadRows(overdue.Rows, asTold: !query.Outgoing, (changeNo, facts) =>
            {
                if (changeNo > at.ChangeNo)
                    return;
                unchanged++;
                if (query.Select(facts, reference) is { } request)
                    page.Offer(request);
            }, ct);
            // Otherwise one of these very requests has changed, or is gone, since the column store was asked. That is rare, and
            // the answer would be of two instants, so it is asked again.
            if (unchanged == overdue.Rows.Length)
                return new(page, overdue.Total, at.SealedNo);
        }
    }

    async Task<UnansweredAnswer> KnownThen(FiguresQuery query, int size, UnansweredPosition? after, CancellationToken ct)
    {
        var page = new UnansweredPage(size, after);
        var sealedNo = await store.Read(query, facts =>
        {
            if (!query.Closed.Contains(facts.Id()) && query.Select(facts, reference) is { Clock.Overdue: true } request)
                page.Offer(request);
        }, ct);
        return new(page, page.Total, sealedNo);
    }
}
