using System.ComponentModel.DataAnnotations;

namespace Exchange.Platform;

/// <summary>Section <c>Broker</c>; the address is the connection string <c>Broker</c>.</summary>
public sealed class BusOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Broker";

    /// <summary>Put before queues and exchanges, so that two systems can share a broker and never hear each other.</summary>
    [RegularExpression("^[a-z0-9-]*$")]
    public string Prefix { get; init; } = "";

    /// <summary>Messages a consumer holds at a time; also the most that share a transaction.</summary>
    [Range(1, 2_000)]
    public ushort Prefetch { get; init; } = 256;

    /// <summary>Deliveries of one message before the broker dead-letters it: it kills its consumer.</summary>
    [Range(2, 1_000)]
    public int DeliveryLimit { get; init; } = 20;

    /// <summary>
    /// How often the broker is asked whether each endpoint has a consumer; six looks without one make the process unhealthy.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromSeconds(10);
}
