using System.ComponentModel.DataAnnotations;

namespace Exchange.Correlation;

/// <summary>Section <c>Correlation</c>. A bad value stops the service at start, with the name of the setting.</summary>
sealed class CorrelationOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Correlation";

    /// <summary>
    /// An identifier found in more cases than this links none of them, because it is a hotline, a placeholder or a police station's
    /// number.
    /// </summary>
    [Range(2, 10_000)]
    public int ValueCap { get; init; } = 50;
}

/// <summary>Section <c>Requests</c>, as far as it is about reading subjects there. A bad value stops the service at start.</summary>
sealed class SubjectReadingOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Requests";

    /// <summary>How long one reading may take; then it is tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
