using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Platform;

/// <summary>Verifies what another service says is the head of its journal.</summary>
public sealed class CheckpointVerifier(TrustAnchors anchors)
{
    /// <summary>The checkpoint in a signed note.</summary>
    /// <param name="note">As the service gave it.</param>
    /// <param name="certificate">The certificate, DER, with whose key it says the note is signed.</param>
    /// <param name="origin">Whose journal it must be of, see <see cref="LogCheckpoint.OriginOf"/>.</param>
    /// <param name="service">The service whose certificate it must be.</param>
    /// <exception cref="Refusal">Damaged, with the reason.</exception>
    public LogCheckpoint Verify(string note, ReadOnlySpan<byte> certificate, string origin, string service)
    {
        using var signer = Load(certificate);
        var decision = anchors.Server(signer, service);
        if (!decision.Accepted)
            throw Wrong(service, $"the certificate that it names is refused ({decision.Refusal})");
        var key = NoteKey.OfCertificate(origin, signer);
        if (SignedNote.Read(note) is not var (text, signatures)
            || signatures.FirstOrDefault(one => one.KeyId.AsSpan().SequenceEqual(key.Id)).Signature is not { } signature)
            throw Wrong(service, "it is not signed with the key of the certificate that it names");
        using var publicKey = signer.GetECDsaPublicKey();
        if (publicKey?.VerifyData(System.Text.Encoding.UTF8.GetBytes(text), signature, HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence) is not true)
            throw Wrong(service, "its signature is wrong");
        return LogCheckpoint.Parse(text) is { } checkpoint && checkpoint.Origin == origin ? checkpoint
            : throw Wrong(service, $"it is not a checkpoint of {origin}");
    }

    static X509Certificate2 Load(ReadOnlySpan<byte> certificate)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(certificate);
        }
        catch (CryptographicException e)
        {
            throw new Refusal(RefusalKind.Damaged, "CHECKPOINT_WRONG", $"A checkpoint names no certificate: {e.Message}");
        }
    }

    static Refusal Wrong(string service, string what) => new(RefusalKind.Damaged, "CHECKPOINT_WRONG",
        $"The checkpoint of {service} is not believed: {what}. Nothing is read from its journal until it gives a right one.");
}
