using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Exchange.Platform;

/// <summary>Section <c>Grpc</c>: where gRPC listens, HTTP/2 over TLS, client certificate required.</summary>
public sealed class GrpcOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Grpc";

    /// <summary>An IP address.</summary>
    [Required]
    public string Address { get; init; } = "0.0.0.0";

    /// <summary>A port; 0 takes a free one.</summary>
    [Range(0, 65_535)]
    public int Port { get; init; } = 7_443;

    /// <summary>Largest message taken in, bytes; a larger one is refused with RESOURCE_EXHAUSTED.</summary>
    [Range(65_536, 64 * 1_024 * 1_024)]
    public int MaxMessageBytes { get; init; } = 4 * 1_024 * 1_024;

    internal IPAddress IpAddress => IPAddress.Parse(Address);
}

/// <summary>Section <c>Probe</c>: where health is asked, plain HTTP/1.1, never to be reachable from outside the pod's node.</summary>
public sealed class ProbeOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Probe";

    /// <summary>An IP address.</summary>
    [Required]
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>A port; 0 takes a free one.</summary>
    [Range(0, 65_535)]
    public int Port { get; init; } = 8_081;

    internal IPAddress IpAddress => IPAddress.Parse(Address);
}
