using System.ComponentModel.DataAnnotations;

namespace Exchange.Requests;

/// <summary>Section <c>Documents</c>. A bad value stops the service at start, with the name of the setting.</summary>
sealed class DocumentOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Documents";

    /// <summary>Size of the largest document that is accepted, in bytes.</summary>
    [Range(1, 1L << 40)]
    public long MaxBytes { get; init; } = 4L << 30;

    /// <summary>Documents of one request, at most: its dossier names every one of them in each of its entries.</summary>
    [Range(1, 10_000)]
    public int MaxPerRequest { get; init; } = 500;

    /// <summary>How long an upload waits for its next piece before it is deleted.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepUploads { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How often uploads are looked through for such.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "1.00:00:00")]
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromHours(1);
}
