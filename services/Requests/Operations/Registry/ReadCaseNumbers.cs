using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    const int MostNumbersAtOnce = 1_000;

    /// <summary>
    /// The case numbers of requests that a service is about to show an officer: it keeps none, and he is shown what he may see.
    /// </summary>
    [Allow(CallerRole.Service)]
    public override async Task<ReadCaseNumbersResponse> ReadCaseNumbers(ReadCaseNumbersRequest request, ServerCallContext context)
    {
        installation.Value.AdmitOwn(context.Caller());
        var officer = OfficerOf(request.Officer);
        List<Violation> faults = [];
        if (request.Requests.Count > MostNumbersAtOnce)
            faults.Add(new("requests", $"must name at most {MostNumbersAtOnce}."));
        List<Guid> ids = [];
        foreach (var (i, name) in request.Requests.Index())
            if (RequestId.TryParse(name, out var id))
                ids.Add(id);
            else
                faults.Add(new($"requests[{i}]", "must be requests/{uuid}."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
        return new()
        {
            Requests =
            {
                (await views.FindSeen([.. ids], officer, context.CancellationToken)).Select(view =>
                    new CaseNumberOfRequest { Request = RequestId.NameOf(view.Id), CaseNumber = view.Facts.CaseNumber }),
            },
        };
    }
}
