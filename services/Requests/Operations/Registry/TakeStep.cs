using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>Takes one step in a request's life.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<TakeStepResponse> TakeStep(TakeStepRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var act = request.Act ?? new();
        var (state, version) = await steps.Take(act, request.Signature, caller, context.CancellationToken);
        // Also when the command is repeated: the process may have died between the two.
        if (act.StepCase == Act.StepOneofCase.Transmit)
            await consequences.Mark(state, caller, context.CancellationToken);
        return new() { Request = Shown(state, caller, withSubjects: true), Version = version };
    }
}
