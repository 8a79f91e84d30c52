using System.ComponentModel.DataAnnotations;

namespace Exchange.Requests;

/// <summary>Section <c>Inbox</c>. A bad value stops the service at start, with the name of the setting.</summary>
sealed class InboxOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Inbox";

    /// <summary>How long one WatchInbox lasts: a certificate revoked meanwhile counts from the next call on.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WatchLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a watcher hears how far the order went while there is nothing for him.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the journal is looked at when nobody says that something was sealed, as when another replica seals.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}
