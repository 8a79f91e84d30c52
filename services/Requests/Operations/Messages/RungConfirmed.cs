using System.Diagnostics;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>A rung of the ladder was taken: every request it concerns records it, and the partner finds it in its inbox.</summary>
sealed class RungConfirmedConsumer(FollowUpSteps followUps) : IBatchConsumer<RungConfirmed>
{
    public async Task Consume(IReadOnlyList<RungConfirmed> batch, CancellationToken ct)
    {
        foreach (var rung in batch)
        {
            var step = new Step { OccurredOn = rung.TakenOn, Reminded = new() { Rung = rung.Rung, Taken = rung.Name } };
            foreach (var request in rung.Requests)
                await followUps.Take(RequestId.Parse(request), StepCode.Remind, rung.Name, rung.ConfirmedBy, step, ct);
        }
    }

    public void Describe(RungConfirmed message, Activity span) => message.Describe(span);
}
