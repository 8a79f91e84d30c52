using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Exchange.Platform;

namespace Exchange.Client;

/// <summary>The client's side of the exchange's TLS.</summary>
public static class TlsClient
{
    /// <summary>
    /// A handler that presents a certificate of our own and sends a request only once the server has passed the verification. The
    /// caller disposes of it.
    /// </summary>
    /// <param name="own">Our certificate with its key; asked for anew at every connection, so that a renewed one is used.</param>
    /// <remarks>Intermediate authorities of our own certificate are not sent: the other side has them beside its anchor.</remarks>
    public static SocketsHttpHandler Handler(Func<X509Certificate2> own, ServerVerification server) => new()
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
            // A resumed session would let a server pass on the strength of an earlier handshake.
            AllowTlsResume = false,
            AllowRenegotiation = false,
            CertificateChainPolicy = TlsEndpoint.OfflinePolicy(),
            LocalCertificateSelectionCallback = (_, _, _, _, _) => own(),
            RemoteCertificateValidationCallback = server.Accepts,
        },
    };
}
