using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class CaseRegistryService
{
    /// <summary>Cases that are kept here and the caller may see, by number; the token is the last number told.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<ListCasesResponse> ListCases(ListCasesRequest request, ServerCallContext context)
    {
        List<Violation> faults = [];
        var size = PageSize.AtMost(request.PageSize, DefaultPageSize, fault => faults.Add(new("page_size", fault)));
        // PostgreSQL takes no NUL in a text.
        if (request.PageToken.Contains('\0', StringComparison.Ordinal))
            faults.Add(new("page_token", "must be empty or come from the answer before."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
        var page = await cases.List(context.Caller(), request.PageToken, size + 1, context.CancellationToken);
        return new()
        {
            Cases = { page.Take(size).Select(ToProto) },
            NextPageToken = page.Count > size ? CaseNumber.Normalise(page[size - 1].Particulars.Number) : "",
        };
    }
}
