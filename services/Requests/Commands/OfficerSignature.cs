using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>An officer's signature under the statement of an act that binds his state: ECDSA P-256 with SHA-256, IEEE P1363 form.</summary>
static class OfficerSignature
{
    /// <summary>Name of the algorithm as the contract writes it (RFC 7518).</summary>
    public const string Algorithm = "ES256";

    /// <summary>
    /// Checks that the caller signed, with the key of the certificate he calls with, the statement of this very act, and that the openings
    /// open its commitments.
    /// </summary>
    /// <exception cref="Refusal">SIGNATURE_WRONG, with the reason.</exception>
    /// <param name="commitmentOf">The commitment to a document of the request, by its resource name.</param>
    public static void Verify(
        Signature signature, Act act, IReadOnlyCollection<Opening> openings, Func<string, ByteString> commitmentOf, Caller caller)
    {
        if (signature.Algorithm != Algorithm)
            throw RequestRefusals.SignatureWrong($"the algorithm must be {Algorithm}.");
        if (Convert.ToHexStringLower(SHA256.HashData(signature.Certificate.Span)) != caller.Thumbprint)
            throw RequestRefusals.SignatureWrong("the certificate must be the one the call is made with.");
        if (ActStatements.Of(act, openings, commitmentOf) is not { } statement)
        {
            throw RequestRefusals.SignatureWrong(
                "the openings must be those of the act's texts, one for each that is not empty, with a salt of 32 bytes.");
        }
        if (!Says(signature.Content, statement))
            throw RequestRefusals.SignatureWrong("the content must be the version byte 0x02 and the statement of the act that is sent, with the commitments to its documents.");
        using var certificate = X509CertificateLoader.LoadCertificate(signature.Certificate.Span);
        using var key = certificate.GetECDsaPublicKey();
        if (key is null || !key.VerifyData(signature.Content.Span, signature.Value.Span, HashAlgorithmName.SHA256))
            throw RequestRefusals.SignatureWrong("the value is not that of the certificate's key over the content.");
    }

    static bool Says(ByteString content, ActStatement statement)
    {
        try
        {
            return content.Span is [CanonicalBytes.Version, .. var bytes] && ActStatement.Parser.ParseFrom(bytes).Equals(statement);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
