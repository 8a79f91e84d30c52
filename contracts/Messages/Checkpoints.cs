using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Contracts;

/// <summary>Signs heads of the sealed order with the service's own certificate, in every service that keeps a journal.</summary>
public static class Checkpoints
{
    /// <summary>A checkpoint as it is stored and sent.</summary>
    public static byte[] Compose(X509Certificate2 certificate, string service, long sealedNo, byte[] sealHash, DateTimeOffset sealedAt)
    {
        var checkpoint = new Checkpoint
        {
            Service = service, SealedNo = sealedNo, SealHash = ByteString.CopyFrom(sealHash), SealedAt = sealedAt.ToTimestamp(),
        };
        using var key = certificate.GetECDsaPrivateKey()
            ?? throw new CryptographicException("Identity:Key: checkpoints are signed with an EC key (P-256), and this certificate has another.");
        checkpoint.Signature = ByteString.CopyFrom(key.SignData(SignedBytes(checkpoint), HashAlgorithmName.SHA256));
        checkpoint.Certificate = ByteString.CopyFrom(certificate.RawData);
        return checkpoint.ToByteArray();
    }

    /// <summary>The version byte and the message without signature and certificate.</summary>
    public static byte[] SignedBytes(Checkpoint checkpoint)
    {
        var bare = checkpoint.Clone();
        bare.Signature = ByteString.Empty;
        bare.Certificate = ByteString.Empty;
        return CanonicalBytes.Of(bare);
    }
}
