using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Client;

/// <summary>
/// The case numbers of requests that an officer is about to be shown, asked of Requests: services that follow it keep none. Asked when
/// the page is known, after <see cref="ClosedRequests"/>, which decides what is on it.
/// </summary>
public sealed class CaseNumbers(RequestRegistry.RequestRegistryClient requests)
{
    const int MostAtOnce = 1_000;

    /// <summary>The case numbers by the requests' resource names; requests that he may not see are left out.</summary>
    /// <exception cref="Refusal">Unavailable: Requests is away.</exception>
    public async Task<Dictionary<string, string>> Of(Caller officer, IEnumerable<string> names, CancellationToken ct)
    {
        Dictionary<string, string> numbers = [];
        try
        {
            foreach (var some in names.Distinct().Chunk(MostAtOnce))
            {
                var asked = new ReadCaseNumbersRequest { Officer = officer.ToString(), Requests = { some } };
                foreach (var found in (await requests.ReadCaseNumbersAsync(asked, cancellationToken: ct)).Requests)
                    numbers[found.Request] = found.CaseNumber;
            }
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            throw ClosedRequests.Away();
        }
        return numbers;
    }
}
