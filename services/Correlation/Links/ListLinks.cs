using Exchange.Correlation.V1;
using Exchange.Platform;
using Grpc.Core;

namespace Exchange.Correlation;

sealed partial class CaseCorrelationService
{
    const int DefaultPageSize = 100;
    const int MaxCaseNumberLength = 200;

    /// <summary>Links among the cases of the caller's own state, whichever state that is; nobody sees another's.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor)]
    public override async Task<ListLinksResponse> ListLinks(ListLinksRequest request, ServerCallContext context)
    {
        List<Violation> faults = [];
        var size = PageSize.Of(request.PageSize, DefaultPageSize, fault => faults.Add(new("page_size", fault)));
        if (request.CaseNumber.Length > MaxCaseNumberLength)
            faults.Add(new("case_number", $"must not be longer than {MaxCaseNumberLength} characters."));
        if (!LinkPageToken.TryRead(request.PageToken, request.CaseNumber, out var after))
            faults.Add(new("page_token", "must be empty or come from the answer before, asked with the same case_number."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);

        // One more than a page tells whether there is a next one.
        var links = await query.Links(context.Caller().State!, request.CaseNumber, after, size + 1, context.CancellationToken);
        var page = links.Take(size).ToList();
        return new()
        {
            Links = { page },
            NextPageToken = links.Count > size ? LinkPageToken.Write((page[^1].CaseA, page[^1].CaseB), request.CaseNumber) : "",
        };
    }
}
