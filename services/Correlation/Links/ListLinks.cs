using Exchange.Correlation.V1;
using Exchange.Platform;
using Exchange.Reference;
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
        // Nothing but blanks would be no filter, and list the links of every case.
        else if (request.CaseNumber.Length > 0 && CaseNumber.Normalise(request.CaseNumber).Length == 0)
            faults.Add(new("case_number", "must be the number of a case, or empty."));
        if (!LinkPageToken.TryRead(request.PageToken, request.CaseNumber, out var after))
            faults.Add(new("page_token", "must be empty or come from the answer before, asked with the same case_number."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);

        var (caller, ct) = (context.Caller(), context.CancellationToken);
        // One more than a page tells whether there is a next one.
        var links = await query.Links(
            caller.State!, await closed.To(caller, ct),
            request.CaseNumber.Length == 0 ? null : key.HashOfCase(caller.State!, request.CaseNumber), after, size + 1, ct);
        var page = links.Take(size).ToList();
        var numbers = await cases.Of(caller, page.SelectMany(link => new[] { link.Shared[0].RequestA, link.Shared[0].RequestB }), ct);
        return new()
        {
            Links = { page.Select(link => link.ToProto(numbers)) },
            NextPageToken = links.Count > size ? LinkPageToken.Write(page[^1].Cases, request.CaseNumber) : "",
        };
    }
}
