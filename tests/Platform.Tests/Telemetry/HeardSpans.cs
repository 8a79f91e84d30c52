using System.Collections.Concurrent;
using System.Diagnostics;

namespace Exchange.Platform.Tests;

/// <summary>The spans of one source that have ended. Those of other tests are among them: tell them apart by their trace.</summary>
sealed class HeardSpans : IDisposable
{
    readonly ConcurrentQueue<Activity> ended = new();
    readonly ActivityListener listener;

    public HeardSpans(string source)
    {
        listener = new()
        {
            ShouldListenTo = candidate => candidate.Name == source,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>Those of the trace.</summary>
    public IReadOnlyList<Activity> In(ActivityTraceId trace) => [.. ended.Where(span => span.TraceId == trace)];

    /// <summary>Those right below the call.</summary>
    public IReadOnlyList<Activity> Of(ActivityContext call) => [.. In(call.TraceId).Where(span => span.ParentSpanId == call.SpanId)];

    /// <summary>Those that link to the span, as its own process or another told of it.</summary>
    public IReadOnlyList<Activity> LinkingTo(ActivityContext span) =>
        [.. ended.Where(other => other.Links.Any(link => (link.Context.TraceId, link.Context.SpanId) == (span.TraceId, span.SpanId)))];

    public void Dispose() => listener.Dispose();
}
