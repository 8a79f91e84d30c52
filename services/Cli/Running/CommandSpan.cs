using System.Diagnostics;
using System.Globalization;
using Exchange.Platform;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Exchange.Cli;

/// <summary>
/// The root span of a command. The HTTP client sends it along as traceparent, so the services' spans hang from it.
/// It names the command and nothing else: references and names of persons have no place in a trace.
/// </summary>
sealed class CommandSpan : IDisposable
{
    const string SourceName = "Exchange.Cli";

    static readonly ActivitySource Source = SemanticConventions.Source(SourceName);

    readonly IDisposable? export;
    readonly Activity root;

    CommandSpan(IDisposable? export, Activity root)
    {
        this.export = export;
        this.root = root;
    }

    public static CommandSpan Start(string command, Func<string, string?> variable)
    {
        var exports = variable(Telemetry.Endpoint) is not null;
        var export = exports ? Exporter() : null;
        return new(export, Source.StartActivity(command, ActivityKind.Internal) ?? Unlistened(command));
    }

    public void Ended(int exitCode)
    {
        root.SetTag("process.executable.name", "exchange").SetTag("process.pid", Environment.ProcessId)
            .SetTag("process.exit.code", exitCode);
        if (IsFault(exitCode))
            root.SetTag("error.type", exitCode.ToString(CultureInfo.InvariantCulture)).SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose()
    {
        root.Dispose();
        // Disposing the provider flushes what is still in its batch.
        export?.Dispose();
    }

    // What was refused, is not there or was mistyped is an answer; and what fails within a service, the service's own span says.
    static bool IsFault(int exitCode) => exitCode is ExitCode.Unavailable;

    // Marked as recorded although nobody listens here: services that follow the parent's decision would drop the trace.
    static Activity Unlistened(string command)
    {
        var activity = new Activity(command).SetIdFormat(ActivityIdFormat.W3C);
        activity.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        return activity.Start();
    }

    // Without an instance of its own, or every command would be another service in the viewer.
    static TracerProvider Exporter() => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource =>
            resource.AddService("exchange-cli", serviceVersion: BuildVersion.Current, autoGenerateServiceInstanceId: false))
        .AddCommandsAndCalls()
        .Build();
}
