namespace Exchange.Benchmarks;

/// <summary>One figure of ours beside the raw limit it was measured against, in the same run, on the same rows and tables.</summary>
/// <param name="What">What was measured, and at which size.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Raw">The raw limit; NaN where there is none.</param>
/// <param name="Unit">Of both: <c>1/s</c>, <c>ms</c>, <c>MB</c>, <c>bytes</c>.</param>
/// <param name="RawIs">What the raw limit is.</param>
/// <param name="Goal">The ratio, or figure, that the design asks for; empty where it asks for none.</param>
public sealed record Line(string What, double Ours, double Raw, string Unit, string RawIs, string Goal = "")
{
    /// <summary>Ours by the raw limit.</summary>
    public double Ratio => Ours / Raw;
}

/// <summary>How a run is wanted.</summary>
/// <param name="Full">Also the sizes that take long.</param>
/// <param name="Say">Tells the reader what is being done.</param>
public sealed record BenchOptions(bool Full, Action<string> Say);

/// <summary>A part of the run; several figures about one thing.</summary>
/// <param name="Name">What it is chosen by on the command line.</param>
/// <param name="Measure">Measures it.</param>
public sealed record Section(string Name, Func<BenchOptions, Task<IReadOnlyList<Line>>> Measure);
