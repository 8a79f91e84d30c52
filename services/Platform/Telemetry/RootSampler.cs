using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Exchange.Platform;

/// <summary>
/// Decides what a trace may begin with: a command, a call or message from outside, or work of our own that has a name. Never
/// a database statement or an outgoing call: those of pollers, which mostly find nothing, would drown all others.
/// </summary>
sealed class RootSampler : Sampler
{
    /// <summary>The sampler of every process: a span with a parent follows the parent's decision, across processes too.</summary>
    public static Sampler ForAll { get; } = new ParentBasedSampler(new RootSampler());

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(samplingParameters.Kind is ActivityKind.Client or ActivityKind.Producer
            ? SamplingDecision.Drop
            : SamplingDecision.RecordAndSample);
}
