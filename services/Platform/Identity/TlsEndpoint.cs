using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>The port on which only known callers are heard: HTTP/2 over TLS 1.2 or 1.3, client certificate required.</summary>
public static partial class TlsEndpoint
{
    static readonly object CallerKey = new();

    /// <summary>
    /// Makes this port such an endpoint. Needs <see cref="IdentityRegistration.AddIdentity"/>, and
    /// <see cref="CallerOfRequest.UseCaller"/> in front of whatever asks who is calling.
    /// </summary>
    public static ListenOptions UseIdentity(this ListenOptions listen)
    {
        var certificate = listen.ApplicationServices.GetRequiredService<ServiceCertificate>();
        var anchors = listen.ApplicationServices.GetRequiredService<TrustAnchors>();
        var time = listen.ApplicationServices.GetRequiredService<TimeProvider>();
        var log = listen.ApplicationServices.GetRequiredService<ILogger<TrustAnchors>>();

        listen.Protocols = HttpProtocols.Http2;
        return listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = TimeSpan.FromSeconds(10),
            OnConnection = context => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Context,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                // A resumed session would let a caller in on the strength of an earlier handshake.
                AllowTlsResume = false,
                AllowRenegotiation = false,
                CertificateChainPolicy = OfflinePolicy(),
                RemoteCertificateValidationCallback = (_, shown, chain, _) =>
                    Admit(context.Connection, shown as X509Certificate2, chain, anchors, time, log),
            }),
        });
    }

    /// <summary>The policy of the chain that the runtime builds before it asks us: it must not fetch anything either.</summary>
    public static X509ChainPolicy OfflinePolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    internal static JudgedCertificate? CallerOf(IDictionary<object, object?> connectionItems) =>
        connectionItems.TryGetValue(CallerKey, out var caller) ? (JudgedCertificate?)caller : null;

    static bool Admit(
        BaseConnectionContext connection, X509Certificate2? certificate, X509Chain? chain,
        TrustAnchors anchors, TimeProvider time, ILogger log)
    {
        if (certificate is null)
            return false;

        // Copies: the runtime disposes of its own after the handshake, and the caller is looked at again later.
        var own = X509CertificateLoader.LoadCertificate(certificate.RawDataMemory.Span);
        var sentAlong = new X509Certificate2Collection();
        foreach (var other in chain?.ChainPolicy.ExtraStore ?? [])
            sentAlong.Add(X509CertificateLoader.LoadCertificate(other.RawDataMemory.Span));

        var caller = new JudgedCertificate(own, sentAlong, anchors, time);
        var decision = caller.Decision;
        if (!decision.Accepted)
            Refused(log, decision.Refusal, own.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant());
        connection.Items[CallerKey] = caller;
        return decision.Accepted;
    }

    [LoggerMessage(1205, LogLevel.Warning, "A client was refused: {Refusal}, certificate {Thumbprint}")]
    internal static partial void Refused(ILogger log, string refusal, string thumbprint);
}
