using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Platform;

/// <summary>
/// One certificate revocation list (RFC 5280, section 5), read from a file. The runtime reads lists only to write new
/// ones, and its chain engine would fetch them from the network; hence our own reader. Full lists only: a list with a
/// critical extension (delta, partitioned or indirect) is unreadable here, because part of a list proves nothing.
/// </summary>
public sealed class RevocationList
{
    readonly byte[] signedPart;
    readonly string algorithm;
    readonly byte[] signature;
    readonly HashSet<BigInteger> revoked = [];

    RevocationList(byte[] der)
    {
        var list = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        signedPart = list.PeekEncodedValue().ToArray();
        var content = list.ReadSequence();
        var outerAlgorithm = list.PeekEncodedValue();
        algorithm = list.ReadSequence().ReadObjectIdentifier();
        signature = list.ReadBitString(out _);
        list.ThrowIfNotEmpty();

        if (content.PeekTag() == Asn1Tag.Integer)
            content.ReadInteger();
        if (!content.ReadEncodedValue().Span.SequenceEqual(outerAlgorithm.Span))
            throw new AsnContentException("The list names two signature algorithms.");
        Issuer = content.ReadEncodedValue().ToArray();
        ReadTime(content);
        NextUpdate = IsTime(content) ? ReadTime(content)
            : throw new AsnContentException("The list does not say when the next one is due.");
        if (content.HasData && content.PeekTag() == Asn1Tag.Sequence)
            ReadEntries(content.ReadSequence());
        if (content.HasData)
            RefuseCriticalExtensions(content.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence());
        content.ThrowIfNotEmpty();
    }

    /// <summary>The encoded name of the authority that signed the list.</summary>
    internal byte[] Issuer { get; }

    /// <summary>From this moment on the list says nothing any more.</summary>
    public DateTimeOffset NextUpdate { get; }

    /// <summary>Reads every list of a file, PEM (one or several) or DER.</summary>
    /// <exception cref="AsnContentException">Not a revocation list, or one that we cannot read.</exception>
    public static IReadOnlyList<RevocationList> Read(byte[] file)
    {
        // DER begins with the tag of a sequence, PEM with text.
        if (file is [0x30, ..])
            return [new(file)];

        var lists = new List<RevocationList>();
        var text = System.Text.Encoding.ASCII.GetString(file).AsSpan();
        while (PemEncoding.TryFind(text, out var pem))
        {
            if (text[pem.Label] is "X509 CRL")
                lists.Add(new(Convert.FromBase64String(text[pem.Base64Data].ToString())));
            text = text[pem.Location.End..];
        }
        return lists.Count > 0 ? lists : throw new AsnContentException("The file holds no X509 CRL.");
    }

    /// <summary>True when the certificate's serial number is on the list; says nothing about who issued either.</summary>
    public bool Revokes(X509Certificate2 certificate) =>
        revoked.Contains(new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true));

    /// <summary>True when the list bears the signature of this authority, and the authority may sign lists.</summary>
    public bool IsSignedBy(X509Certificate2 authority)
    {
        if (!Issuer.AsSpan().SequenceEqual(authority.SubjectName.RawData)
            || authority.Extensions.OfType<X509KeyUsageExtension>().Any(u => !u.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign)))
            return false;

        HashAlgorithmName? hash = algorithm switch
        {
            "1.2.840.10045.4.3.2" or "1.2.840.113549.1.1.11" => HashAlgorithmName.SHA256,
            "1.2.840.10045.4.3.3" or "1.2.840.113549.1.1.12" => HashAlgorithmName.SHA384,
            "1.2.840.10045.4.3.4" or "1.2.840.113549.1.1.13" => HashAlgorithmName.SHA512,
            _ => null,
        };
        if (hash is null)
            return false;

        using var ecdsa = authority.GetECDsaPublicKey();
        using var rsa = authority.GetRSAPublicKey();
        return algorithm.StartsWith("1.2.840.10045.", StringComparison.Ordinal)
            ? ecdsa?.VerifyData(signedPart, signature, hash.Value, DSASignatureFormat.Rfc3279DerSequence) ?? false
            : rsa?.VerifyData(signedPart, signature, hash.Value, RSASignaturePadding.Pkcs1) ?? false;
    }

    void ReadEntries(AsnReader entries)
    {
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            revoked.Add(entry.ReadInteger());
            ReadTime(entry);
            if (entry.HasData)
                RefuseCriticalExtensions(entry.ReadSequence());
        }
    }

    static void RefuseCriticalExtensions(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var id = extension.ReadObjectIdentifier();
            if (extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean())
                throw new AsnContentException($"The list has the critical extension {id}, which is not understood here.");
        }
    }

    static bool IsTime(AsnReader reader) => reader.HasData
        && (reader.PeekTag() == Asn1Tag.UtcTime || reader.PeekTag() == Asn1Tag.GeneralizedTime);

    static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag() == Asn1Tag.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
}
