using System.Diagnostics;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Exchange.Platform;

/// <summary>What leaves a process: traces, metrics and logs over OTLP.</summary>
public static class Telemetry
{
    /// <summary>The variable without which nothing is sent.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    internal const string MassTransit = "MassTransit";

    /// <summary>
    /// gRPC's client has a span even when nobody asks for it: unsent, it would leave what hangs from it without a parent. The
    /// package for it is a preview, and does not know that a refusal is no error.
    /// </summary>
    const string GrpcClient = "Grpc.Net.Client";

    const string Own = "Exchange.*";

    /// <summary>Traces, metrics and logs by the standard variables; nothing leaves without an endpoint.</summary>
    internal static void AddTelemetry(this IHostApplicationBuilder builder, string name)
    {
        if (builder.Configuration[Endpoint] is not { Length: > 0 })
            return;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"exchange-{name}", serviceVersion: BuildVersion.Current))
            .WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation(calls => (calls.Filter, calls.EnrichWithHttpResponse) = (IsNoProbe, TagCall))
                .AddNpgsql().AddSource(MassTransit).AddCommandsAndCalls())
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddNpgsqlInstrumentation()
                .AddMeter(MassTransit, Own).AddOtlpExporter());
        builder.Logging.AddOpenTelemetry(logs => logs.AddOtlpExporter());
    }

    /// <summary>
    /// What the services and the command line have in common: own spans, outgoing calls, names, and what a trace may begin with.
    /// </summary>
    public static TracerProviderBuilder AddCommandsAndCalls(this TracerProviderBuilder tracing) => tracing
        .SetSampler(RootSampler.ForAll)
        .AddSource(Own, GrpcClient).AddHttpClientInstrumentation()
        // Before the exporter, or spans leave under their old names.
        .AddProcessor(new SpanNames()).AddOtlpExporter();

    // gRPC says it by itself only where the call has come so far; one that is refused before has no other name.
    static void TagCall(Activity span, HttpResponse response)
    {
        if (response.HttpContext.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method is not { } rpc
            || span.GetTagItem(SpanNames.GrpcMethod) is not null)
            return;
        span.SetTag(SpanNames.GrpcMethod, rpc.FullName);
        if (response.Headers["grpc-status"] is [{ } status])
            span.SetTag(SpanNames.GrpcStatus, status);
    }

    static bool IsNoProbe(HttpContext context) => !Health.IsProbe(context.Request);
}
