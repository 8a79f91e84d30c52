using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Contracts;
using Exchange.Platform;
using Microsoft.Extensions.Logging;

namespace Exchange.Client;

/// <summary>
/// Decides at every handshake whether the server that answers is the service that was called. Its certificate is judged as a service
/// judges those of its callers (<see cref="TrustAnchors"/>: anchor of the services, identity, use, validity, revocation list), and
/// besides must name the host that was called among its subject alternative names.
/// </summary>
/// <param name="service">Name of the service in its identity, such as <c>requests</c> for <c>exchange://service/requests</c>.</param>
public sealed partial class ServerVerification(string service, TrustAnchors anchors, ILogger log)
{
    volatile ServerVerdict? last;

    /// <summary>What the newest handshake came to; null before the first one.</summary>
    public ServerVerdict? Last => last;

    /// <summary>The form of <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>.</summary>
    /// <param name="sender">The <see cref="SslStream"/>, which knows the host that was called.</param>
    /// <param name="errors">
    /// Not looked at: the runtime knows neither our anchors nor our lists, and takes the subject's common name for a host as well.
    /// </param>
    internal bool Accepts(object sender, X509Certificate? presented, X509Chain? chain, SslPolicyErrors errors) =>
        presented is X509Certificate2 certificate
        && Accepts(((SslStream)sender).TargetHostName, certificate, chain?.ChainPolicy.ExtraStore);

    /// <summary>Judges a certificate that a server showed, and keeps the verdict as <see cref="Last"/>.</summary>
    /// <param name="host">The host that was called: a name or an IP address.</param>
    /// <param name="sentAlong">Intermediate certificates that came with it.</param>
    public bool Accepts(string host, X509Certificate2 certificate, X509Certificate2Collection? sentAlong = null)
    {
        var decision = anchors.Server(certificate, service, sentAlong);
        var refusal = decision.Accepted && !certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false)
            ? CertificateRefusals.WrongHost
            : decision.Refusal;
        last = ServerVerdict.Of(certificate, refusal);
        if (refusal is not null)
            Refused(log, service, refusal, certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant());
        return refusal is null;
    }

    [LoggerMessage(1206, LogLevel.Warning, "The server called as {Service} was refused: {Refusal}, certificate {Thumbprint}")]
    static partial void Refused(ILogger log, string service, string refusal, string thumbprint);
}

/// <summary>What a server showed at a handshake, and whether it was accepted. Proves nothing where it was refused.</summary>
/// <param name="Identity">The identity in the certificate, such as <c>exchange://service/requests</c>; empty when it holds none.</param>
/// <param name="Refusal">The code of the reason why it was refused (<see cref="CertificateRefusals"/>); null when it was accepted.</param>
/// <param name="Hosts">The host names and IP addresses that the certificate is made out to.</param>
/// <param name="NotBefore">From when on it is valid.</param>
/// <param name="NotAfter">Until when it is valid.</param>
public sealed record ServerVerdict(
    string Identity, string? Refusal, IReadOnlyList<string> Hosts, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    internal static ServerVerdict Of(X509Certificate2 certificate, string? refusal)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().ToList();
        return new(
            TrustAnchors.IdentityOf(certificate, CallerRole.OfOfficers)?.ToString() ?? "",
            refusal,
            [
                .. names.SelectMany(name => name.EnumerateDnsNames()),
                .. names.SelectMany(name => name.EnumerateIPAddresses()).Select(address => address.ToString()),
            ],
            certificate.NotBefore,
            certificate.NotAfter);
    }
}
