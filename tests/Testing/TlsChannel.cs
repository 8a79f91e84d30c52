using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace Exchange.Testing;

/// <summary>A gRPC channel as any client would open it: TLS, a client certificate, one trusted authority.</summary>
public static class TlsChannel
{
    /// <summary>Opens the channel; nothing is sent until the first call.</summary>
    public static GrpcChannel Open(Uri address, string certificate, string key, string anchor)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(anchor);
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(authority);
        return GrpcChannel.ForAddress(address, new()
        {
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                SslOptions = new()
                {
                    ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)],
                    CertificateChainPolicy = policy,
                },
            },
            DisposeHttpClient = true,
        });
    }
}
