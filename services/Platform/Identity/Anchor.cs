using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Platform;

/// <summary>
/// The anchor of one state, or that of the services: its self-signed certificate(s), the intermediate authorities that
/// stand in the same file, and the lists of what they revoked.
/// </summary>
sealed class Anchor
{
    readonly X509Certificate2Collection roots = [];
    readonly X509Certificate2Collection intermediates = [];
    readonly IReadOnlyList<RevocationList> lists = [];
    readonly bool checksRevocation;
    readonly bool listsUnreadable;

    /// <param name="listsFile">Null: revocation is not checked at all. A file that is absent: nothing is accepted.</param>
    /// <exception cref="CryptographicException">The file of the anchor holds no self-signed certificate.</exception>
    public Anchor(string file, string? listsFile, Action<string, Exception> unreadable)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(file);
        foreach (var certificate in all)
            (IsSelfSigned(certificate) ? roots : intermediates).Add(certificate);
        if (roots.Count == 0)
            throw new CryptographicException($"{file} holds no self-signed certificate in PEM.");

        checksRevocation = listsFile is not null;
        if (!File.Exists(listsFile))
            return;
        try
        {
            lists = RevocationList.Read(File.ReadAllBytes(listsFile));
        }
        catch (Exception e) when (e is AsnContentException or FormatException or IOException or UnauthorizedAccessException)
        {
            listsUnreadable = true;
            unreadable(listsFile, e);
        }
    }

    public bool Knows(X500DistinguishedName issuer) =>
        roots.Concat(intermediates).Any(a => a.SubjectName.RawData.AsSpan().SequenceEqual(issuer.RawData));

    /// <summary>The code of the refusal, or null when the certificate is good for this purpose at this moment.</summary>
    public string? Refuses(
        X509Certificate2 certificate, X509Certificate2Collection? sentAlong, CertificatePurpose purpose, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots);
        policy.ExtraStore.AddRange(intermediates);
        if (sentAlong is not null)
            policy.ExtraStore.AddRange(sentAlong);
        // No network in validation: an attacker's certificate could name any address to fetch from.
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        policy.ApplicationPolicy.Add(new Oid(purpose.Usage));

        if (!chain.Build(certificate))
            return Fault(chain, certificate, purpose, now);
        // The chain engine takes a certificate without stated uses as good for all of them; we do not.
        if (!States(certificate, purpose.Usage))
            return purpose.Refusal;
        return checksRevocation ? Revocation(chain, now) : null;
    }

    static string Fault(X509Chain chain, X509Certificate2 certificate, CertificatePurpose purpose, DateTimeOffset now)
    {
        var faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        const X509ChainStatusFlags stranger = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain
            | X509ChainStatusFlags.NotSignatureValid;
        if ((faults & stranger) != 0)
            return CertificateRefusals.UnknownAnchor;
        if (faults.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return now < certificate.NotBefore ? CertificateRefusals.NotYetValid : CertificateRefusals.Expired;
        return faults.HasFlag(X509ChainStatusFlags.NotValidForUsage) ? purpose.Refusal : CertificateRefusals.InvalidChain;
    }

    string? Revocation(X509Chain chain, DateTimeOffset now)
    {
        if (listsUnreadable)
            return CertificateRefusals.RevocationListUnreadable;

        for (var i = 0; i + 1 < chain.ChainElements.Count; i++)
        {
            var (certificate, issuer) = (chain.ChainElements[i].Certificate, chain.ChainElements[i + 1].Certificate);
            var named = lists.Where(l => l.Issuer.AsSpan().SequenceEqual(issuer.SubjectName.RawData)).ToList();
            var signed = named.Where(l => l.IsSignedBy(issuer)).ToList();
            if (signed.Count == 0)
                return named.Count > 0 ? CertificateRefusals.RevocationListForged : CertificateRefusals.RevocationListMissing;
            if (signed.Any(l => l.Revokes(certificate)))
                return CertificateRefusals.Revoked;
            if (signed.All(l => l.NextUpdate <= now))
                return CertificateRefusals.RevocationListExpired;
        }
        return null;
    }

    static bool States(X509Certificate2 certificate, string usage) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .Any(e => e.EnhancedKeyUsages.Cast<Oid>().Any(o => o.Value == usage));

    static bool IsSelfSigned(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}

/// <summary>What a certificate is presented for, and the refusal when it was not issued for that.</summary>
sealed record CertificatePurpose(string Usage, string Refusal)
{
    public static readonly CertificatePurpose Client = new("1.3.6.1.5.5.7.3.2", CertificateRefusals.NotAClient);
    public static readonly CertificatePurpose Server = new("1.3.6.1.5.5.7.3.1", CertificateRefusals.NotAServer);
}
