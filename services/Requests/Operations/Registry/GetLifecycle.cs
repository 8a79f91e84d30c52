using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>Returns the lifecycle table, for those who write clients.</summary>
    [AllowAnyCaller]
    public override Task<V1.Lifecycle> GetLifecycle(GetLifecycleRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.Lifecycle { Moves = { LifecycleTable.Moves.Select(ToProto) } });

    static Move ToProto(LifecycleMove move) => new()
    {
        Step = move.Step,
        Side = move.Side,
        Roles = { move.Roles.Select(role => role.ToString().ToLowerInvariant()) },
        FromStatuses = { move.From },
        ToStatus = move.To ?? V1.Status.Unspecified,
        Binds = move.Binds,
        RecordedOffExchange = move.Recorded,
        Late = move.Late,
        Told = move.Told,
        Clocks = { move.Clocks.Select(effect => new ClockEffect { Clock = effect.Clock, Action = effect.Action }) },
        Meaning = move.Meaning,
    };
}
