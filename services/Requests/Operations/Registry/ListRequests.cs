using System.Text;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    const int DefaultPageSize = 50;

    /// <summary>Lists what the caller's state sent or was sent, newest transmission first (AIP-158).</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context)
    {
        var (filter, size) = FilterOf(request);
        var page = await views.List(context.Caller(), filter, size + 1, context.CancellationToken);
        var response = new ListRequestsResponse { Requests = { page.Take(size).Select(view => ToProto(view, withSubjects: false)) } };
        if (page.Count > size)
            response.NextPageToken = TokenAfter(page[size - 1], request);
        return response;
    }

    (RequestListFilter Filter, int PageSize) FilterOf(ListRequestsRequest request)
    {
        List<Violation> faults = [];
        var size = PageSize.AtMost(request.PageSize, DefaultPageSize, fault => faults.Add(new("page_size", fault)));
        var from = DayOf("transmitted_from", request.TransmittedFrom, faults);
        var to = DayOf("transmitted_to", request.TransmittedTo, faults);
        CheckStates("requested_states", request.RequestedStates, faults);
        CheckStates("requesting_states", request.RequestingStates, faults);
        // One that is mistyped would look like requests that nobody answered.
        foreach (var (i, status) in request.Statuses.Index())
            if (!Enum.IsDefined(status) || (int)status == 0)
                faults.Add(new($"statuses[{i}]", "is not a status known here."));
        // Nothing but blanks would be no filter, and list every case.
        if (request.CaseNumber.Length > 0 && CaseNumber.Normalise(request.CaseNumber).Length == 0)
            faults.Add(new("case_number", "must be the number of a case, or empty."));
        if (faults.Count > 0)
            throw Refusal.Invalid(faults);
        var (afterDay, afterId) = request.PageToken.Length == 0 ? (null, null) : Resume(request);
        return (new([.. request.RequestedStates], [.. request.RequestingStates], [.. request.Statuses.Select(s => (short)s)],
            request.CaseNumber, from, to, afterDay, afterId, request.Mine), size);
    }

    // A state mistyped would look like one that never answered.
    void CheckStates(string field, IReadOnlyList<string> states, List<Violation> faults)
    {
        foreach (var (i, state) in states.Index())
            if (!reference.States.ContainsKey(state))
                faults.Add(new($"{field}[{i}]", "is not the ISO 3166-1 alpha-2 code of a state known here."));
    }

    static DateOnly? DayOf(string field, string text, List<Violation> faults)
    {
        if (text.Length == 0)
            return null;
        if (LegalDay.TryParse(text, out var day))
            return day;
        faults.Add(new(field, "must be an ISO 8601 day such as 2008-12-31."));
        return null;
    }

    static string TokenAfter(RequestView last, ListRequestsRequest request) =>
        PageToken.EncodeBytes(Encoding.ASCII.GetBytes($"{last.Facts.TransmittedOn}|{last.Id:N}|{PageToken.DigestOf(request)}"));

    static (DateOnly? Day, Guid? Id) Resume(ListRequestsRequest request) =>
        PageToken.TryDecodeBytes(request.PageToken, out var bytes)
            && Encoding.ASCII.GetString(bytes).Split('|') is [var day, var id, var digest]
            && digest == PageToken.DigestOf(request) && Guid.TryParse(id, out var after)
            ? (DayOf("page_token", day, []), after)
            : throw RequestRefusals.ListChanged();
}
