using System.Security.Cryptography.X509Certificates;
using Exchange.Platform;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exchange.Client;

/// <summary>Opens channels to services, with one certificate of our own and one view of whom to trust.</summary>
/// <param name="own">Our certificate with its key; asked for anew at every connection.</param>
public sealed class ServiceChannelFactory(Func<X509Certificate2> own, TrustAnchors anchors, ILogger<ServiceChannelFactory> log)
{
    /// <summary>How long the making of one connection may take; 10 seconds unless said otherwise.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A channel to the service of this name, such as <c>requests</c>, at this address. Connects with the first call.</summary>
    /// <exception cref="ArgumentException">The address does not begin with https: over anything else nobody would be verified.</exception>
    public ServiceChannel Open(string service, Uri address) => address.Scheme == Uri.UriSchemeHttps
        ? new(service, address, own, new(service, anchors, log), ConnectTimeout)
        : throw new ArgumentException($"The address of {service} must begin with https://, and is {address}.", nameof(address));
}

/// <summary>
/// A gRPC channel over mutual TLS to one service. Thread-safe; holds its connections until it is disposed of.
/// </summary>
public sealed class ServiceChannel : IDisposable
{
    // As the services send at most; gRPC's own limit is 4 MiB.
    const int LargestAnswer = 16 * 1024 * 1024;

    // gRPC's own pauses between tries grow to two minutes, in which every call fails though the service is back.
    static readonly TimeSpan FirstReconnectPause = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan LongestReconnectPause = TimeSpan.FromSeconds(2);

    readonly GrpcChannel channel;
    readonly ServerVerification verification;

    internal ServiceChannel(
        string service, Uri address, Func<X509Certificate2> own, ServerVerification verification, TimeSpan connectTimeout)
    {
        (Service, Address, this.verification) = (service, address, verification);
        var handler = TlsClient.Handler(own, verification);
        handler.ConnectTimeout = connectTimeout;
        channel = GrpcChannel.ForAddress(address, new()
        {
            HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = LargestAnswer,
            InitialReconnectBackoff = FirstReconnectPause, MaxReconnectBackoff = LongestReconnectPause,
        });
        CallInvoker = channel.CreateCallInvoker().Intercept(new CalledService(service));
    }

    /// <summary>The name of the service, such as <c>requests</c>.</summary>
    public string Service { get; }

    /// <summary>Where it is called.</summary>
    public Uri Address { get; }

    /// <summary>What a generated client is made with.</summary>
    public CallInvoker CallInvoker { get; }

    /// <summary>What the server showed at the newest handshake, also when it was refused; null before the first one.</summary>
    public ServerVerdict? Server => verification.Last;

    /// <inheritdoc />
    public void Dispose() => channel.Dispose();
}

/// <summary>Gives a service its way to others.</summary>
public static class ServiceChannelRegistration
{
    /// <summary>
    /// Adds <see cref="ServiceChannelFactory"/> with the certificate and the anchors of
    /// <see cref="IdentityRegistration.AddIdentity"/>.
    /// </summary>
    public static IServiceCollection AddServiceChannels(this IServiceCollection services) => services.AddSingleton(provider =>
    {
        var certificate = provider.GetRequiredService<ServiceCertificate>();
        return new ServiceChannelFactory(() => certificate.Current, provider.GetRequiredService<TrustAnchors>(),
            provider.GetRequiredService<ILogger<ServiceChannelFactory>>());
    });
}
