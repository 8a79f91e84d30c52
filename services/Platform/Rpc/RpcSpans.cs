using System.Diagnostics;
using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Exchange.Platform;

/// <summary>
/// Names the span of a call by its rpc and says how it ended, in the words of OpenTelemetry's conventions: ASP.NET Core
/// gives every request the same name, and gRPC's server leaves the status in a tag that only it knows.
/// </summary>
static class RpcSpans
{
    public static IApplicationBuilder UseRpcSpans(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        if (span is { IsAllDataRequested: true } && context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method is { } rpc)
        {
            span.DisplayName = $"{rpc.ServiceName}/{rpc.Name}";
            span.SetTag("rpc.system", "grpc").SetTag("rpc.service", rpc.ServiceName).SetTag("rpc.method", rpc.Name);
        }

        await next(context);
        if (span?.GetTagItem("grpc.status_code") is string text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            span.SetTag("rpc.grpc.status_code", code);
            if (IsOurFault((StatusCode)code))
                span.SetStatus(ActivityStatusCode.Error);
        }
    });

    // A refusal is the caller's affair and no error of the service.
    static bool IsOurFault(StatusCode code) => code is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented
        or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;
}
