using System.ComponentModel.DataAnnotations;

namespace Exchange.Platform;

/// <summary>
/// Section <c>Limits</c>: how much is taken on at a time. What is beyond is refused at once with RESOURCE_EXHAUSTED, for a
/// service that takes on everything ends by answering nobody. Calls of our own services are not counted.
/// </summary>
public sealed class LimitsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Limits";

    /// <summary>Calls answered at a time, over all callers; streams are not counted here.</summary>
    [Range(1, 100_000)]
    public int Calls { get; init; } = 256;

    /// <summary>Calls that wait for their turn, over all callers.</summary>
    [Range(0, 100_000)]
    public int Waiting { get; init; } = 512;

    /// <summary>Calls of one caller answered at a time: so one that floods us takes no more from the others than this.</summary>
    [Range(1, 100_000)]
    public int CallsPerCaller { get; init; } = 16;

    /// <summary>Calls of one caller that wait for their turn.</summary>
    [Range(0, 100_000)]
    public int WaitingPerCaller { get; init; } = 64;

    /// <summary>Streams of one caller at a time: watches, uploads, imports, readings of a journal.</summary>
    [Range(1, 100_000)]
    public int StreamsPerCaller { get; init; } = 32;

    /// <summary>A call without a deadline gets this one, and a longer one is cut to it; streams may last as long as they need.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LongestCall { get; init; } = TimeSpan.FromMinutes(1);
}
