using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class CaseRegistryService
{
    /// <summary>Cases that are kept here and the caller may see, by number; the token is the last number told.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<ListCasesResponse> ListCases(ListCasesRequest request, ServerCallContext context)
    {
        if (request.PageSize < 0)
            throw Refusal.Invalid([new("page_size", "must not be negative.")]);
        var size = request.PageSize == 0 ? DefaultPageSize : Math.Min(request.PageSize, MaxPageSize);
        var page = await cases.List(context.Caller(), request.PageToken, size + 1, context.CancellationToken);
        return new()
        {
            Cases = { page.Take(size).Select(ToProto) },
            NextPageToken = page.Count > size ? page[size - 1].Kept.Number : "",
        };
    }
}
