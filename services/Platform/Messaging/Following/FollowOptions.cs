using System.ComponentModel.DataAnnotations;

namespace Exchange.Platform;

/// <summary>Section <c>Follow</c>: how the journal of another service is followed.</summary>
public sealed class FollowOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Follow";

    /// <summary>How often the other journal's head is asked for; bounds how long a lost event stays unnoticed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries consumed in one transaction, at most.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; init; } = 500;
}
