using System.ComponentModel.DataAnnotations;

namespace Exchange.Tracking;

/// <summary>Section <c>Tracking</c>. A bad value stops the service at start, with the name of the setting.</summary>
sealed class TrackingOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Tracking";

    /// <summary>
    /// How long a stream of flags lasts before it ends by itself, which bounds how long a caller whose certificate was revoked still
    /// receives changes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WatchLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest pause between two looks for limits that have passed and for changes that another replica wrote.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);
}
