using System.ComponentModel.DataAnnotations;

namespace Exchange.Platform;

/// <summary>Section <c>Ledger</c>. A bad value stops the service at start, with the name of the setting.</summary>
public sealed class LedgerOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Ledger";

    /// <summary>Writer loops; an aggregate always goes to the same one.</summary>
    /// <value>1; more bring little on few cores.</value>
    [Range(1, 4)]
    public int Writers { get; init; } = 1;

    /// <summary>Appends that share a transaction, at most.</summary>
    [Range(1, 1_000)]
    public int GroupSize { get; init; } = 256;

    /// <summary>Bytes of entries, states and events that share a transaction, at most; a larger append goes alone.</summary>
    [Range(1_024, 64 * 1024 * 1024)]
    public int GroupBytes { get; init; } = 512 * 1024;

    /// <summary>Appends waiting per writer; more are refused with RESOURCE_EXHAUSTED.</summary>
    [Range(1, 100_000)]
    public int QueueLength { get; init; } = 4_096;

    /// <summary>How long a written event belongs to the process that wrote it before a sweep may take it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long appends are tried again while the database is unavailable, before their callers are told.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DatabaseAwayLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Pause between tries while the database is unavailable.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan PauseWhenAway { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Entries sealed in one transaction, at most.</summary>
    [Range(1, 100_000)]
    public int SealSize { get; init; } = 2_000;

    /// <summary>How often the sealer looks when nobody wakes it, as after another replica's crash.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SealInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Pause between two rounds of the audit of journal and state.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan AuditInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries, and rows of each state table, that a round of the audit looks at.</summary>
    [Range(1, 10_000)]
    public int AuditSize { get; init; } = 500;
}
