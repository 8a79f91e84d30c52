using System.ComponentModel.DataAnnotations;

namespace Exchange.Platform;

/// <summary>Section <c>Telemetry</c>. A bad value stops the service at start, with the name of the setting.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Telemetry";

    const string TraceId = "{traceId}";

    /// <summary>
    /// Where a trace can be looked at, with <c>{traceId}</c> in place of its id: <c>http://localhost:16686/trace/{traceId}</c> for
    /// Jaeger, <c>http://localhost:18888/traces/detail/{traceId}</c> for the Aspire dashboard. Empty: no address is told.
    /// </summary>
    [RegularExpression(@"https?://[^\s{}]+\{traceId\}[^\s{}]*",
        ErrorMessage = "Telemetry:TraceLink must be an http address with {traceId} in it.")]
    public string TraceLink { get; init; } = "";

    /// <summary>The address of a trace; empty without a template.</summary>
    public string LinkTo(string traceId) => TraceLink.Replace(TraceId, traceId, StringComparison.Ordinal);
}
