using System.Formats.Asn1;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Platform;

namespace Exchange.Cli;

/// <summary>
/// A certificate authority for development and tests: ECDSA P-256, its key in a file. A production authority is the
/// state's own PKI, with keys in hardware and an officer's identity proven before issue; nothing of that is here.
/// </summary>
public sealed class DevelopmentAuthority(X509Certificate2 certificate, TimeProvider time)
{
    /// <summary>How long before their end certificates and lists are renewed.</summary>
    public static readonly TimeSpan RenewedBefore = TimeSpan.FromDays(30);

    static readonly TimeSpan AuthorityLasts = TimeSpan.FromDays(3650);
    static readonly TimeSpan CertificateLasts = TimeSpan.FromDays(365);
    static readonly TimeSpan ListLasts = TimeSpan.FromDays(365);

    // The clocks of two machines differ; a certificate that is not yet valid elsewhere is a riddle to whoever meets it.
    static readonly TimeSpan Backdated = TimeSpan.FromMinutes(5);

    /// <summary>The authority's own certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; } = certificate;

    /// <summary>A new authority for a state (<c>BY</c>) or for <c>service</c>.</summary>
    public static DevelopmentAuthority Create(string name, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(SelfSigned(name, key, time), time);
    }

    /// <summary>The same authority with the same key for another ten years: what it has issued stays good.</summary>
    public DevelopmentAuthority Renewed()
    {
        using var key = Certificate.GetECDsaPrivateKey()!;
        return new(SelfSigned(Name, key, time), time);
    }

    /// <summary>Whose authority it is: a state, or <c>service</c>.</summary>
    public string Name => Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    /// <summary>True when this authority, and not another of the same name, issued the certificate.</summary>
    public bool Issued(X509Certificate2 other)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(other);
    }

    /// <summary>A certificate for an officer, by his identity <c>exchange://BY/authority/unit/1001?role=prosecutor</c>.</summary>
    /// <exception cref="ArgumentException">Not an officer's identity, or one of another state.</exception>
    public X509Certificate2 Officer(string identity)
    {
        if (!CallerUri.TryParse(identity, CallerRole.OfOfficers, out var caller, out var reason))
            throw new ArgumentException(reason, nameof(identity));
        if (caller.IsService || caller.State != Name)
            throw new ArgumentException($"The authority of {Name} issues to officers of {Name} only.", nameof(identity));

        return Issue(new()
        {
            CommonName = $"{caller.Authority}/{caller.Unit}/{caller.OfficerNumber}",
            Identities = [identity],
            ForClients = true,
        });
    }

    /// <summary>
    /// A certificate for the service <c>exchange://service/NAME</c>, as server and as client. It answers to its name, to
    /// <c>localhost</c>, 127.0.0.1 and ::1, and to the names given.
    /// </summary>
    public X509Certificate2 Service(string name, IEnumerable<string> moreNames) => Issue(new()
    {
        CommonName = name,
        Identities = [$"exchange://service/{name}"],
        DnsNames = [.. new[] { "localhost", name }.Union(moreNames, StringComparer.OrdinalIgnoreCase)],
        WithLoopback = true,
        ForClients = true,
        ForServers = true,
    });

    /// <summary>Issues what is ordered, also what no service would accept: tests need such certificates.</summary>
    public X509Certificate2 Issue(CertificateOrder order)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(order.CommonName), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        var uses = new OidCollection();
        if (order.ForClients)
            uses.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        if (order.ForServers)
            uses.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (uses.Count > 0)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, critical: false));
        if (order.Identities.Count + order.DnsNames.Count > 0 || order.WithLoopback)
            request.CertificateExtensions.Add(AlternativeNames(order));

        var from = order.From ?? time.GetUtcNow() - Backdated;
        var until = order.Until ?? time.GetUtcNow() + CertificateLasts;
        using var issued = request.Create(Certificate, Earliest(from), Latest(until), Serial());
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>The list of what this authority has revoked: the former list (PEM; null for the first) and these besides.</summary>
    /// <returns>PEM.</returns>
    public string RevocationList(string? former, IEnumerable<X509Certificate2> revoked, TimeSpan? lasts = null)
    {
        BigInteger number = 0;
        var list = former is null
            ? new CertificateRevocationListBuilder()
            : CertificateRevocationListBuilder.LoadPem(former, out number);
        foreach (var certificate in revoked)
        {
            list.RemoveEntry(certificate.SerialNumberBytes.Span);
            list.AddEntry(certificate, time.GetUtcNow());
        }
        var now = time.GetUtcNow();
        var der = list.Build(Certificate, number + 1, now + (lasts ?? ListLasts), HashAlgorithmName.SHA256, thisUpdate: now - Backdated);
        return PemEncoding.WriteString("X509 CRL", der) + "\n";
    }

    // A certificate cannot outlive its authority, nor be older; the runtime refuses to make such a one.
    DateTimeOffset Latest(DateTimeOffset wanted) => wanted < Certificate.NotAfter ? wanted : Certificate.NotAfter;

    DateTimeOffset Earliest(DateTimeOffset wanted) => wanted > Certificate.NotBefore ? wanted : Certificate.NotBefore;

    static X509Certificate2 SelfSigned(string name, ECDsa key, TimeProvider time)
    {
        var request = new CertificateRequest(Subject(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        // Back by years, so that tests can issue what has expired under an authority that has not.
        return request.CreateSelfSigned(time.GetUtcNow() - CertificateLasts * 2, time.GetUtcNow() + AuthorityLasts);
    }

    // Written by hand, because the runtime's builder takes a Uri, and a Uri writes the state in lower case.
    static X509Extension AlternativeNames(CertificateOrder order)
    {
        var names = new AsnWriter(AsnEncodingRules.DER);
        using (names.PushSequence())
        {
            foreach (var identity in order.Identities)
                names.WriteCharacterString(UniversalTagNumber.IA5String, identity, new(TagClass.ContextSpecific, 6));
            foreach (var name in order.DnsNames)
                names.WriteCharacterString(UniversalTagNumber.IA5String, name, new(TagClass.ContextSpecific, 2));
            foreach (var address in order.WithLoopback ? Loopback : [])
                names.WriteOctetString(address.GetAddressBytes(), new(TagClass.ContextSpecific, 7));
        }
        return new X509SubjectAlternativeNameExtension(names.Encode());
    }

    static readonly IPAddress[] Loopback = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    static X500DistinguishedName Subject(string commonName)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName("Exchange development");
        subject.AddCommonName(commonName);
        return subject.Build();
    }

    static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        // Positive and of full length, as RFC 5280 (4.1.2.2) wants it.
        serial[0] = (byte)(serial[0] & 0x7F | 0x40);
        return serial;
    }
}

/// <summary>What stands in a certificate to be issued.</summary>
public sealed record CertificateOrder
{
    /// <summary>Never the name of a person: subjects land in logs.</summary>
    public required string CommonName { get; init; }

    public IReadOnlyList<string> Identities { get; init; } = [];

    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>Whether 127.0.0.1 and ::1 are among the names of the host.</summary>
    public bool WithLoopback { get; init; }

    public bool ForClients { get; init; }

    public bool ForServers { get; init; }

    /// <summary>Default: now.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Default: in a year; in any case no later than the authority's own end.</summary>
    public DateTimeOffset? Until { get; init; }
}
