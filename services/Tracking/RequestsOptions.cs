using System.ComponentModel.DataAnnotations;

namespace Exchange.Tracking;

/// <summary>Section <c>Requests</c>: where the system of record is.</summary>
sealed class RequestsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Requests";

    /// <summary>Address of its gRPC port, such as <c>https://requests:7443</c>.</summary>
    [Required]
    public Uri? Address { get; init; }
}
