using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Contracts;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Client;

/// <summary>An officer's signature over an act that binds his state, made with the key of the certificate he calls with.</summary>
public static class ActSigning
{
    /// <summary>Name of the algorithm as the contract writes it (RFC 7518): ECDSA P-256 with SHA-256, IEEE P1363 form.</summary>
    public const string Algorithm = "ES256";

    /// <summary>Whether the certificate comes with a key that acts can be signed with: ECDSA on P-256.</summary>
    public static bool CanSign(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey();
        return key is { KeySize: 256 };
    }

    /// <summary>
    /// Makes and signs the statement of a step's act: ECDSA P-256 with SHA-256, in the fixed-length form of IEEE P1363. The act must not
    /// change afterwards, because the service compares it with what was signed.
    /// </summary>
    /// <exception cref="ArgumentException">The certificate has no such key (<see cref="CanSign"/>).</exception>
    /// <param name="documents">The documents that the act hands over, as the service told of them.</param>
    public static void Sign(TakeStepRequest step, X509Certificate2 certificate, IReadOnlyCollection<Document> documents)
    {
        var (statement, openings) = ActStatements.Split(step.Act,
            name => documents.FirstOrDefault(document => document.Name == name)?.Commitment ?? ByteString.Empty);
        step.Signature = Sign(statement, certificate);
        step.Openings.Add(openings);
    }

    /// <summary>Signs what an officer says: the statement of an act, or a rung.</summary>
    /// <exception cref="ArgumentException">The certificate has no such key (<see cref="CanSign"/>).</exception>
    internal static Signature Sign(IMessage said, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey();
        if (key is not { KeySize: 256 })
            throw new ArgumentException("The certificate comes without a private key of ECDSA P-256.", nameof(certificate));
        var content = CanonicalBytes.Of(said);
        return new()
        {
            Content = UnsafeByteOperations.UnsafeWrap(content),
            Value = ByteString.CopyFrom(
                key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)),
            Algorithm = Algorithm,
            Certificate = ByteString.CopyFrom(certificate.RawData),
        };
    }

    /// <summary>What is wrong with a signature, whatever it is over; null where it is that of this certificate over its content.</summary>
    /// <param name="thumbprint">SHA-256 of the certificate that must have signed, lower-case hex.</param>
    public static string? Fault(Signature signature, string thumbprint)
    {
        if (signature.Algorithm != Algorithm)
            return $"the algorithm must be {Algorithm}.";
        // Its hash first: what anybody sends along is neither read nor kept.
        if (SignerCertificate.ThumbprintOf(signature.Certificate) != thumbprint
            || SignerCertificate.Read(signature.Certificate) is not { } certificate)
            return "the certificate must be the one the call is made with.";
        return certificate.Verify(signature.Content.Span, signature.Value.Span)
            ? null : "the value is not that of the certificate's key over the content.";
    }

    /// <summary>What is wrong with a signature in an entry; null where it is its actor's over this content.</summary>
    internal static string? Fault(Signature signature, ByteString content, Actor actor)
    {
        if (signature.Algorithm != Algorithm)
            return "its signature is of an algorithm that is not known";
        if (SignerCertificate.ThumbprintOf(signature.Certificate) != actor.Certificate
            || SignerCertificate.Read(signature.Certificate) is not { } certificate || certificate.Identity != actor.Identity)
            return "it is signed by another than its actor";
        return certificate.Verify(content.Span, signature.Value.Span) ? null : "its signature is not over what its officer said";
    }
}
