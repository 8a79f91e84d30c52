using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Contracts;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Client;

/// <summary>An officer's signature over an act that binds his state, made with the key of the certificate he calls with.</summary>
public static class ActSigning
{
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
        using var key = certificate.GetECDsaPrivateKey();
        if (key is not { KeySize: 256 })
            throw new ArgumentException("The certificate comes without a private key of ECDSA P-256.", nameof(certificate));
        var (statement, openings) = ActStatements.Split(step.Act,
            name => documents.FirstOrDefault(document => document.Name == name)?.Commitment ?? ByteString.Empty);
        var content = CanonicalBytes.Of(statement);
        step.Openings.Add(openings);
        step.Signature = new()
        {
            Content = UnsafeByteOperations.UnsafeWrap(content),
            Value = ByteString.CopyFrom(
                key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)),
            Algorithm = "ES256",
            Certificate = ByteString.CopyFrom(certificate.RawData),
        };
    }
}
