using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// Steps that follow from another: a request is marked as replaced when the letter that replaces it is transmitted, and as
/// reminded when a rung of the ladder was taken. Their command ids come from what caused them, so that a repeat changes nothing.
/// </summary>
sealed partial class FollowUpSteps(RequestStore store, CommandHandler commands, TimeProvider time, ILogger<FollowUpSteps> log)
{
    /// <summary>
    /// <see cref="MarkReplaced"/>, but what fails is left to the <see cref="ReplacementWorker"/>: the transmission is recorded, and whoever
    /// transmitted must not hear that it failed.
    /// </summary>
    public async Task TryMarkReplaced(RequestFacts transmitted, Actor actor, CancellationToken ct)
    {
        try
        {
            await MarkReplaced(transmitted, actor, ct);
        }
        catch (Exception e) when (Transient.IsTransient(e))
        {
            LeftToTheWorker(e, transmitted.Request);
        }
    }

    /// <summary>Marks the request that a transmitted one replaces, if it replaces any.</summary>
    /// <param name="transmitted">The facts of the transmitted request.</param>
    /// <param name="actor">Who transmitted it.</param>
    public Task MarkReplaced(RequestFacts transmitted, Actor actor, CancellationToken ct)
    {
        if (transmitted is not { Supersedes.Length: > 0, TransmittedOn.Length: > 0 })
            return Task.CompletedTask;
        var step = new Step { OccurredOn = transmitted.TransmittedOn, Superseded = new() { By = transmitted.Request } };
        var (replaced, by) = (RequestId.Parse(transmitted.Supersedes), RequestId.Parse(transmitted.Request));
        return Take(replaced, StepCode.Supersede, $"superseded by {by}", actor, step, ct);
    }

    /// <summary>Takes a step that follows, once, whoever else writes to the request meanwhile.</summary>
    /// <param name="cause">What it follows from; the same cause never has a second effect on the same request.</param>
    /// <param name="signature">The actor's, with what he signed; null where what he signed is in the journal already.</param>
    public Task Take(
        Guid request, StepCode code, string cause, Actor actor, Step step, CancellationToken ct, Signature? signature = null)
    {
        var command = CommandIdentity.DerivedFrom($"{request} {code} {cause}");
        return commands.Handle(command, async token => (await store.Find([request], null, token)).GetValueOrDefault(request), Decide,
            (_, _) => Task.FromResult(true), ct);

        Task<Decision<bool>> Decide(RequestState? state, CancellationToken token)
        {
            if (state is null)
                return Task.FromResult(Decision.Unchanged(false)); // Nothing is known of it here.
            var facts = state.Facts.Clone();
            RequestFold.Apply(facts, step);
            var change = RequestChange.Of(state, facts, step) with { Code = code, Signature = signature };
            return Task.FromResult(Decision.Write(change.Compose(state, state.Id, actor, command, time.GetUtcNow()), true));
        }
    }

    [LoggerMessage(2046, LogLevel.Information, "The request that {Request} replaces is marked later, from the journal")]
    partial void LeftToTheWorker(Exception e, string request);
}
