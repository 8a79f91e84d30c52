using System.ComponentModel.DataAnnotations;

namespace Exchange.Platform;

/// <summary>Section <c>Outbox</c>. A bad value stops the service at start, with the name of the setting.</summary>
public sealed class OutboxOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Outbox";

    /// <summary>Messages published and not yet confirmed, at most; nothing else bounds them.</summary>
    [Range(1, 1_000)]
    public int Outstanding { get; init; } = 256;

    /// <summary>How often rows are looked for that no process publishes, because theirs died.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long swept rows belong to this process.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one message may wait for the broker's confirmation.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a service that stops waits for the confirmations of what it has published.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:15")]
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Pause after a failed round.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan PauseAfterFailure { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Age of the oldest waiting message above which the service is not ready.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ReadyAge { get; init; } = TimeSpan.FromMinutes(5);
}
