using System.ComponentModel.DataAnnotations;

namespace Exchange.Requests;

/// <summary>Section <c>Requests</c>. A bad value stops the service at start, with the name of the setting.</summary>
sealed class RequestsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Requests";

    /// <summary>
    /// Our own threshold for an answer, in calendar days from transmission. A change never touches a limit already fixed.
    /// </summary>
    [Range(1, 3_650)]
    public int PolicyDays { get; init; } = 180;

    /// <summary>Our own threshold for the answer to an urgent request, in calendar days from transmission.</summary>
    [Range(1, 3_650)]
    public int UrgentPolicyDays { get; init; } = 90;

    /// <summary>Names the policy in each limit it fixes; give a new one with new days.</summary>
    [Required, MaxLength(64)]
    public string PolicyVersion { get; init; } = "default-1";
}
