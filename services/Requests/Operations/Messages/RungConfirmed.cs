using System.Diagnostics;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// A rung of the ladder was taken: every request it concerns records it, with the officer's signature, and the partner finds it in its
/// inbox. One that no officer signed is recorded for none.
/// </summary>
sealed class RungConfirmedConsumer(RungVerification verification, RequestStore store, FollowUpSteps followUps)
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
        foreach (var known in (await store.Find(requests, null, ct)).Values)
            RungVerification.VerifyNamed(act, officer, known.Facts);
        foreach (var request in requests)
            await followUps.Take(request, StepCode.Remind, rung.Name, RequestState.ActorOf(officer), step, ct, rung.Signature);
    }
}
