using System.Globalization;
using System.Text.RegularExpressions;

namespace Exchange.Benchmarks;

/// <summary>One figure of ours beside the raw limit it was measured against, in the same run, on the same rows and tables.</summary>
/// <param name="What">What was measured, and at which size.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Raw">The raw limit; NaN where there is none.</param>
/// <param name="Unit">Of both: <c>1/s</c>, <c>ms</c>, <c>s</c>, <c>MB</c>, <c>bytes</c>.</param>
/// <param name="RawIs">What the raw limit is.</param>
/// <param name="Goal">
/// What the design asks for: <c>at least 5 times</c>, <c>at most 1.3 times</c> of the ratio, <c>at most 5 ms</c> of our
/// figure; empty where it asks for nothing.
/// </param>
public sealed partial record Line(string What, double Ours, double Raw, string Unit, string RawIs, string Goal = "")
{
    /// <summary>Ours by the raw limit.</summary>
    public double Ratio => Ours / Raw;

    /// <summary>Whether the goal is met; null where there is none, or none that can be read.</summary>
    public bool? Met
    {
        get
        {
            if (Asked().Match(Goal) is not { Success: true } asked)
                return null;
            var (figure, bound) =
                (asked.Groups["times"].Success ? Ratio : Ours, double.Parse(asked.Groups["bound"].Value, CultureInfo.InvariantCulture));
            return asked.Groups["least"].Success ? figure >= bound : figure <= bound;
        }
    }

    [GeneratedRegex(@"^(?:(?<least>at least)|at most) (?<bound>\d+(?:\.\d+)?)(?<times> times)?")]
    private static partial Regex Asked();
}

/// <summary>How a run is wanted.</summary>
/// <param name="Full">Also the sizes that take long.</param>
/// <param name="Say">Tells the reader what is being done.</param>
public sealed record BenchOptions(bool Full, Action<string> Say);

/// <summary>A part of the run; several figures about one thing.</summary>
/// <param name="Name">What it is chosen by on the command line.</param>
/// <param name="Measure">Measures it.</param>
public sealed record Section(string Name, Func<BenchOptions, Task<IReadOnlyList<Line>>> Measure);
