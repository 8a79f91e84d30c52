using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Exchange.Platform;

/// <summary>The standard health service. It knows the server as a whole and each service it offers.</summary>
sealed class HealthService(HealthCheckService checks, OfferedServices offered, TimeProvider time) : Grpc.Health.V1.Health.HealthBase
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    [AllowAnyCaller]
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Knows(request.Service)
            ? new() { Status = await Status(context.CancellationToken) }
            : throw new Refusal(RefusalKind.NotFound, "SERVICE_UNKNOWN", $"There is no service {request.Service} here.");

    [AllowAnyCaller]
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var told = HealthCheckResponse.Types.ServingStatus.Unknown;
        while (!context.CancellationToken.IsCancellationRequested)
        {
            var status = Knows(request.Service)
                ? await Status(context.CancellationToken)
                : HealthCheckResponse.Types.ServingStatus.ServiceUnknown;
            if (status != told)
                await responseStream.WriteAsync(new() { Status = told = status }, context.CancellationToken);
            await Task.Delay(Interval, time, context.CancellationToken);
        }
    }

    bool Knows(string service) => service.Length == 0 || offered.Names.Contains(service);

    async Task<HealthCheckResponse.Types.ServingStatus> Status(CancellationToken ct)
    {
        var report = await checks.CheckHealthAsync(Health.IsReadiness, ct);
        return report.Status is HealthStatus.Unhealthy
            ? HealthCheckResponse.Types.ServingStatus.NotServing
            : HealthCheckResponse.Types.ServingStatus.Serving;
    }
}
