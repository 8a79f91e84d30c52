using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Exchange.Cli;

/// <summary>
/// The root span of a command. The HTTP client sends it along as traceparent, so the services' spans hang from it.
/// It names the command and nothing else: references and names of persons have no place in a trace.
/// </summary>
sealed class Trace : IDisposable
{
    const string SourceName = "Exchange.Cli";

    static readonly ActivitySource Source = new(SourceName);

    readonly IDisposable? export;
    readonly Activity root;

    Trace(IDisposable? export, Activity root)
    {
        this.export = export;
        this.root = root;
    }

    public static Trace Of(string command, Func<string, string?> variable)
    {
        var exports = variable("OTEL_EXPORTER_OTLP_ENDPOINT") is not null;
        var export = exports ? Exporter() : null;
        return new(export, Source.StartActivity(command, ActivityKind.Client) ?? Unlistened(command));
    }

    public void Ended(int exitCode)
    {
        root.SetTag("exchange.exit_code", exitCode);
        if (exitCode != ExitCode.Ok)
            root.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose()
    {
        root.Dispose();
        // Disposing the provider flushes what is still in its batch.
        export?.Dispose();
    }

    // Marked as recorded although nobody listens here: services that follow the parent's decision would drop the trace.
    static Activity Unlistened(string command)
    {
        var activity = new Activity(command).SetIdFormat(ActivityIdFormat.W3C);
        activity.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        return activity.Start();
    }

    static TracerProvider Exporter() => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource => resource.AddService("exchange-cli"))
        .AddSource(SourceName, "Grpc.Net.Client", "System.Net.Http")
        .AddOtlpExporter()
        .Build();
}
