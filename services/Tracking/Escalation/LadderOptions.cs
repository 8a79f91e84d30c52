using System.ComponentModel.DataAnnotations;

namespace Exchange.Tracking;

/// <summary>
/// Section <c>Ladder</c>: when each rung is due, in calendar days. A bad value stops the service at start, with the name of the setting.
/// </summary>
sealed class LadderOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Ladder";

    /// <summary>Days from the first day overdue by the policy limit to the reminder.</summary>
    /// <value>0: the reminder is due on the first day overdue.</value>
    [Range(0, 3_650)]
    public int ReminderAfterDays { get; init; }

    /// <summary>Days from the reminder to the second one.</summary>
    [Range(1, 3_650)]
    public int SecondReminderAfterDays { get; init; } = 30;

    /// <summary>Days from the second reminder to the central authority.</summary>
    [Range(1, 3_650)]
    public int CentralAuthorityAfterDays { get; init; } = 30;

    /// <summary>Days from the central authority to the liaison channel.</summary>
    [Range(1, 3_650)]
    public int LiaisonChannelAfterDays { get; init; } = 30;
}
