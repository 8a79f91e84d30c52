using System.Diagnostics;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// A rung of the ladder was taken: every request it concerns records it, with the officer's signature, and the partner finds it in its
/// inbox. One that no officer signed is recorded for none. A request that is damaged keeps it from no other; the message is set aside then.
/// </summary>
sealed partial class RungConfirmedConsumer(
    RungVerification verification, RequestStore store, FollowUpSteps followUps, ILogger<RungConfirmedConsumer> log)
    : IBatchConsumer<RungConfirmed>
{
    public async Task Consume(IReadOnlyList<RungConfirmed> batch, CancellationToken ct)
    {
        foreach (var rung in batch)
            await Record(rung, ct);
    }

    public void Describe(RungConfirmed message, Activity span) => message.Describe(span);

    async Task Record(RungConfirmed rung, CancellationToken ct)
    {
        var act = verification.Verify(rung, out var officer);
        var step = new Step
        {
            OccurredOn = LegalDay.Parse(rung.TakenOn).ToIso(), Reminded = new() { Rung = rung.Rung, Taken = rung.Name },
        };
        var requests = rung.Requests.Select(RequestId.Parse).ToArray();
        // All of them before the first is recorded: a rung is taken as it was signed, or not at all.
        foreach (var known in await store.SoundFacts(requests, ct))
            RungVerification.VerifyNamed(act, officer, known);
        Refusal? first = null;
        foreach (var request in requests)
            first = await TryTake(request, rung, officer, step, ct) ?? first;
        if (first is not null)
            throw first;
    }

    async Task<Refusal?> TryTake(Guid request, RungConfirmed rung, Caller officer, Step step, CancellationToken ct)
    {
        try
        {
            await followUps.Take(request, StepCode.Remind, rung.Name, RequestState.ActorOf(officer), step, ct, rung.Signature);
            return null;
        }
        catch (Refusal refusal) when (Transient.IsRefusedForGood(refusal))
        {
            NotRecorded(refusal, rung.Name, RequestId.NameOf(request), refusal.Reason);
            return refusal;
        }
    }

    [LoggerMessage(2050, LogLevel.Error, "{Rung} cannot be recorded for {Request}: {Reason}")]
    partial void NotRecorded(Exception e, string rung, string request, string reason);
}
