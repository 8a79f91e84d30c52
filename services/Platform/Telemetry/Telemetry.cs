using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Exchange.Platform;

static class Telemetry
{
    /// <summary>
    /// The libraries emit their own spans; naming the sources is all it takes. RabbitMQ.Client's would double MassTransit's.
    /// gRPC's client has a span even when nobody asks for it: unsent, it would leave what hangs from it without a parent.
    /// </summary>
    static readonly string[] Sources = ["Microsoft.AspNetCore", "Grpc.Net.Client", "System.Net.Http", "Npgsql", "MassTransit", "Exchange.*"];

    static readonly string[] Meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "Npgsql", "MassTransit", "System.Runtime", "Exchange.*"];

    /// <summary>Traces, metrics and logs over OTLP, by the standard variables; nothing leaves without an endpoint.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string name)
    {
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 })
            return;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"exchange-{name}", serviceVersion: BuildVersion.Current))
            .WithTracing(tracing => tracing.AddSource(Sources).AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddOtlpExporter());
        builder.Logging.AddOpenTelemetry(logs => logs.AddOtlpExporter());
    }
}
