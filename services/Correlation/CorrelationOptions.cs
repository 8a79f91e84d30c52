using System.ComponentModel.DataAnnotations;

namespace Exchange.Correlation;

/// <summary>Section <c>Correlation</c>.</summary>
sealed class CorrelationOptions
{
    public const string Section = "Correlation";

    /// <summary>A value found in more cases than this links none of them: a hotline, a placeholder, a police station's number.</summary>
    [Range(2, 10_000)]
    public int ValueCap { get; init; } = 50;
}

/// <summary>Section <c>Requests</c>: the system of record that subjects are read from.</summary>
sealed class RequestsOptions
{
    public const string Section = "Requests";

    /// <summary>An https URL; its host must be in the certificate of Requests.</summary>
    [Required]
    public Uri? Address { get; init; }

    /// <summary>How long one reading may take; then it is tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
