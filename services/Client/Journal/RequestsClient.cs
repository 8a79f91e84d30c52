using System.ComponentModel.DataAnnotations;
using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Exchange.Client;

/// <summary>
/// Section <c>Requests</c>: where a service finds the system of record. A bad value stops the service at start, with the name of the
/// setting.
/// </summary>
public sealed class RequestsClientOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Requests";

    /// <summary>Address of its gRPC port, such as <c>https://requests:7443</c>. The host must be in the certificate of Requests.</summary>
    [Required]
    public Uri? Address { get; init; }
}

/// <summary>Registers what a service needs to call Requests and to rebuild from its journal.</summary>
public static class RequestsClient
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>The gRPC client of Requests under the service's own certificate, and the runner of rebuilds.</summary>
    public static IServiceCollection AddRequestsClient(this IServiceCollection services) => services
        .AddOptionsOf<RequestsClientOptions>(RequestsClientOptions.Section)
        .AddServiceChannels()
        .AddSingleton(provider => new RequestRegistry.RequestRegistryClient(provider.GetRequiredService<ServiceChannelFactory>()
            .Open("requests", provider.GetRequiredService<IOptions<RequestsClientOptions>>().Value.Address!).CallInvoker))
        .AddSingleton<ClosedRequests>().AddSingleton<CaseNumbers>()
        .AddSingleton<RequestsEntries>().AddSingleton<JournalRebuild>();

    /// <summary>
    /// How Requests is called by what an operator starts after a disturbance: the connection may just be on its way back, and is waited
    /// for up to ten seconds.
    /// </summary>
    public static CallOptions WaitingOptions(CancellationToken ct) =>
        // gRPC's deadlines are by the machine's own clock.
        new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + LongestWait, cancellationToken: ct).WithWaitForReady();
}
