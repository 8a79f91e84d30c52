using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>An officer's signature under an act that binds his state: ECDSA P-256 with SHA-256, IEEE P1363 form.</summary>
static class OfficerSignature
{
    /// <summary>Name of the algorithm as the contract writes it (RFC 7518).</summary>
    public const string Algorithm = "ES256";

    /// <summary>Checks that the caller signed this very act with the key of the certificate he calls with.</summary>
    /// <exception cref="Refusal">SIGNATURE_WRONG, with the reason.</exception>
    public static void Verify(Signature signature, Act act, Caller caller)
    {
        if (signature.Algorithm != Algorithm)
            throw RequestRefusals.SignatureWrong($"the algorithm must be {Algorithm}.");
        if (Convert.ToHexStringLower(SHA256.HashData(signature.Certificate.Span)) != caller.Thumbprint)
            throw RequestRefusals.SignatureWrong("the certificate must be the one the call is made with.");
        if (!SaysTheSame(signature.Content, act))
            throw RequestRefusals.SignatureWrong("the content must be the version byte 0x01 and the act that is sent.");
        using var certificate = X509CertificateLoader.LoadCertificate(signature.Certificate.Span);
        using var key = certificate.GetECDsaPublicKey();
        if (key is null || !key.VerifyData(signature.Content.Span, signature.Value.Span, HashAlgorithmName.SHA256))
            throw RequestRefusals.SignatureWrong("the value is not that of the certificate's key over the content.");
    }

    static bool SaysTheSame(ByteString content, Act act)
    {
        try
        {
            return content.Span is [CanonicalBytes.Version, .. var bytes] && Act.Parser.ParseFrom(bytes).Equals(act);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
