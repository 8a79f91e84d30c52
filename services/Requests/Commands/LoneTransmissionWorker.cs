using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// Calls back what one officer transmitted alone and nobody confirmed in time. On several replicas at once each does the same: the
/// command's id comes from the request.
/// </summary>
sealed partial class LoneTransmissionWorker(
    RequestStore store, CommandHandler commands, ReferenceData reference, TimeProvider time, ILogger<LoneTransmissionWorker> log)
    : PeriodicWorker(time, Interval)
{
    /// <summary>How long a second officer has.</summary>
    public static readonly TimeSpan TimeToConfirm = TimeSpan.FromHours(48);

    const int PageSize = 100;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        await LapseDue(stop);
        return Interval;
    }

    protected override void Failed(Exception e) => NotLapsed(e);

    /// <summary>Calls back what is due: all of it, or those that are refused for ever would stand before the others.</summary>
    /// <returns>How many requests were found due.</returns>
    internal async Task<int> LapseDue(CancellationToken ct)
    {
        var (now, found) = (Time.GetUtcNow(), 0);
        for (List<Guid> page = [Guid.Empty]; page.Count > 0; found += page.Count)
        {
            page = await store.Unconfirmed(now, page[^1], PageSize, ct);
            foreach (var request in page)
                await TryLapse(request, ct);
        }
        return found;
    }

    async Task TryLapse(Guid request, CancellationToken ct)
    {
        try
        {
            await Lapse(request, ct);
        }
        catch (Refusal refusal) when (Transient.IsRefusedForGood(refusal))
        {
            // One that is damaged must not keep the others from being called back.
            Refused(refusal, RequestId.NameOf(request), refusal.Reason);
        }
    }

    Task Lapse(Guid request, CancellationToken ct)
    {
        var command = CommandIdentity.DerivedFrom($"{request} {StepCode.LapseTransmission}");
        return commands.Handle(command, async token => (await store.Find([request], null, token)).GetValueOrDefault(request), Decide,
            (_, _) => Task.FromResult(true), ct);

        Task<Decision<bool>> Decide(RequestState? state, CancellationToken token)
        {
            var now = Time.GetUtcNow();
            if (state?.Dossier.ConfirmBy is not { } until || until.ToDateTimeOffset() > now)
                return Task.FromResult(Decision.Unchanged(false)); // Confirmed meanwhile.
            var change = Lapsed(state, reference.DayAt(state.Facts.RequestingState, now).ToIso());
            var actor = new Actor { Identity = "exchange://service/requests" };
            return Task.FromResult(Decision.Write(change.Compose(state, state.Id, actor, command, now), true));
        }
    }

    static RequestChange Lapsed(RequestState state, string today)
    {
        var move = LifecycleTable.Of[StepCode.LapseTransmission].Single(move => move.From.Contains(state.Facts.Status));
        List<Step> steps = [new() { OccurredOn = today, TransmissionLapsed = new() }];
        if (move.To is { } withdrawn)
            steps.Add(new() { OccurredOn = today, RequesterActed = new() { Status = withdrawn } });
        var facts = state.Facts.Clone();
        foreach (var step in steps)
            RequestFold.Apply(facts, step);
        var change = RequestChange.Of(state, facts, steps) with { Code = move.Step };
        change.Dossier.ConfirmBy = null;
        return change;
    }

    [LoggerMessage(2048, LogLevel.Error, "What was transmitted by one officer and not confirmed cannot be called back; trying again")]
    partial void NotLapsed(Exception e);

    [LoggerMessage(2049, LogLevel.Error, "{Request}, which one officer transmitted and nobody confirmed, cannot be called back: {Reason}")]
    partial void Refused(Exception e, string request, string reason);
}
