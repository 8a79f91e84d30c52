using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>Outgoing calls from one service to another, each side showing its certificate.</summary>
public sealed class ServiceChannel(ServiceCertificate certificate, TrustAnchors anchors, ILogger<ServiceChannel> log)
{
    /// <summary>A handler that talks only to the service of this name, such as <c>requests</c>. The caller disposes of it.</summary>
    public SocketsHttpHandler Handler(string service) => TlsClient.Handler(() => certificate.Current, anchors, service, log);

    /// <summary>A channel to the service of this name at this address; lives as long as the process.</summary>
    public GrpcChannel Open(string service, Uri address) => GrpcChannel.ForAddress(address, new()
    {
        HttpHandler = Handler(service),
        DisposeHttpClient = true,
        MaxReceiveMessageSize = 16 * 1_024 * 1_024,
    });
}

/// <summary>The client's side of the exchange's TLS, for services and for an officer's own tools.</summary>
public static partial class TlsClient
{
    /// <summary>
    /// A handler that presents <paramref name="own"/> (asked anew for every connection) and goes on only when the server
    /// proves, under the anchor of the services, to be <c>exchange://service/SERVICE</c> on the host that was called.
    /// </summary>
    /// <remarks>Intermediate authorities of our own certificate are not sent: the other side has them beside its anchor.</remarks>
    public static SocketsHttpHandler Handler(Func<X509Certificate2> own, TrustAnchors anchors, string service, ILogger log) => new()
    {
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        // So that new addresses, new certificates and new revocations are noticed by one who never falls silent.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        SslOptions = new()
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowTlsResume = false,
            AllowRenegotiation = false,
            CertificateChainPolicy = TlsEndpoint.OfflinePolicy(),
            LocalCertificateSelectionCallback = (_, _, _, _, _) => own(),
            RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
                Admit(shown as X509Certificate2, chain, errors, anchors, service, log),
        },
    };

    static bool Admit(
        X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, TrustAnchors anchors, string service, ILogger log)
    {
        if (certificate is null)
            return false;

        var decision = anchors.Server(certificate, service, chain?.ChainPolicy.ExtraStore);
        var refusal = decision.Accepted && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? CertificateRefusals.WrongHost
            : decision.Refusal;
        if (refusal is not null)
            Refused(log, service, refusal, certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant());
        return refusal is null;
    }

    [LoggerMessage(1206, LogLevel.Warning, "The server called as {Service} was refused: {Refusal}, certificate {Thumbprint}")]
    static partial void Refused(ILogger log, string service, string refusal, string thumbprint);
}
