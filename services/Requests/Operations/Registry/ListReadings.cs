using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>
    /// Who read the identities of a request's subjects. The owner of what was read is told that the other side did, when and for what; who
    /// read there, for which case and why stays with the reader's own side.
    /// </summary>
    [Allow(CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<ListReadingsResponse> ListReadings(ListReadingsRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var view = await views.Find(request.Name, caller, ct);
        string[] told = view.Side is Side.RequestingSide ? [view.Facts.RequestingState, view.Facts.RequestedState] : [caller.State!];
        var key = await keys.Load(view.Id, ct);
        var closed = await cases.ClosedTo(caller, ct);
        return new() { Readings = { (await readings.Of(view.Id, told, ct)).Select(entry => ToProto(entry, key, caller, closed)) } };
    }

    Reading ToProto(JournalEntry entry, RequestKey? key, Caller caller, IReadOnlySet<string> closed)
    {
        var (step, state) = (entry.Steps[0], RequestState.StateOf(entry.Actor)!);
        var reading = new Reading { State = state, ReadOn = step.OccurredOn, Purpose = step.IdentitiesRead.Purpose };
        if (state != caller.State)
            return reading;
        reading.Officer = entry.Actor.Identity;
        var reason = key.Read(RequestKey.Reading, step.IdentitiesRead.EncryptedReason, ReadingReason.Parser);
        // A colleague may have read for a case that is closed to the caller: then neither its number nor what he wrote of it is told.
        if (closed.Any(index => cases.IsNumber(reason.CaseNumber, index)))
            return reading;
        reading.CaseNumber = reason.CaseNumber;
        reading.Justification = reason.Justification;
        return reading;
    }
}
