using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Contracts;
using Exchange.Platform;
using Google.Protobuf;

namespace Exchange.Client;

/// <summary>
/// The certificate that comes with a signature. A journal holds few certificates and many signatures, so those that were read are kept.
/// That somebody trusted issued it is not asked here.
/// </summary>
sealed class SignerCertificate
{
    // About 1 kB each. More officers than this only have theirs read again.
    const int KeptAtMost = 10_000;

    static readonly ConcurrentDictionary<ByteString, SignerCertificate> Kept = [];

    readonly ECDsa? key;

    SignerCertificate(X509Certificate2 certificate)
    {
        key = certificate.GetECDsaPublicKey();
        Identity = TrustAnchors.IdentityOf(certificate, CallerRole.OfOfficers)?.ToString();
    }

    /// <summary>The officer's URI, as it stands in an entry; null where it names no officer.</summary>
    public string? Identity { get; }

    /// <summary>SHA-256 of a certificate, lower-case hex, as it stands in an entry beside its owner.</summary>
    public static string ThumbprintOf(ByteString der) => Convert.ToHexStringLower(SHA256.HashData(der.Span));

    /// <summary>Reads one that somebody is known by, which its hash says; null where it is no certificate.</summary>
    /// <param name="der">The certificate, DER.</param>
    public static SignerCertificate? Read(ByteString der)
    {
        if (Kept.TryGetValue(der, out var known))
            return known;
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der.Span);
            var read = new SignerCertificate(certificate);
            if (Kept.Count >= KeptAtMost)
                Kept.Clear();
            return Kept.GetOrAdd(der, read);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether the value is that of its key over the content: ECDSA with SHA-256, IEEE P1363 form.</summary>
    public bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> value)
    {
        if (key is null)
            return false;
        // A key of .NET is not said to be safe for several threads.
        lock (key)
            return key.VerifyData(content, value, HashAlgorithmName.SHA256);
    }
}
