using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// Acts that follow from another: a request is marked as replaced when the letter that replaces it is transmitted, and as
/// reminded when a rung of the ladder was taken. Their ids come from what caused them, so that a repeat changes nothing.
/// </summary>
sealed class Consequences(RequestStore store, Ledger ledger, TimeProvider time)
{
    const int MaxTries = 20;

    /// <summary>Marks the request that this transmitted one replaces, if any.</summary>
    public async Task Mark(RequestState transmitted, Caller caller, CancellationToken ct)
    {
        if (transmitted.Facts is { Supersedes: { Length: > 0 } name, TransmittedOn.Length: > 0 })
        {
            await Follow(Guid.Parse(name.AsSpan("requests/".Length)), StepCode.Supersede, $"superseded by {transmitted.Id}", RequestState.ActorOf(caller),
                new() { OccurredOn = transmitted.Facts.TransmittedOn, Superseded = new() { By = RequestState.NameOf(transmitted.Id) } }, ct);
        }
    }

    /// <summary>Appends a step that is a consequence, once, whoever else writes meanwhile.</summary>
    /// <param name="cause">What it follows from; the same cause never has a second effect on the same request.</param>
    public async Task Follow(Guid request, StepCode code, string cause, Actor actor, Step step, CancellationToken ct)
    {
        var command = RequestCommand.Following($"{request} {code} {cause}");
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (!(await store.Find([request], null, ct)).TryGetValue(request, out var state))
                return;
            var facts = state.Facts.Clone();
            RequestFold.Apply(facts, step);
            var append = (RequestChange.Of(state, facts, step) with { Code = code }).Compose(state, state.Id, actor, command, time.GetUtcNow());
            if (await ledger.Append(append, ct) is not AppendOutcome.Conflict)
                return;
        }
        throw RequestRefusals.ChangedMeanwhile(amended: false);
    }
}
