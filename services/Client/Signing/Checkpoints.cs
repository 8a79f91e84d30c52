using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;

namespace Exchange.Client;

/// <summary>Checkpoints: heads of the sealed order that a service signs with its own certificate.</summary>
public static class Checkpoints
{
    /// <summary>Seals the journal of a service that keeps one, and signs its checkpoints with the service's certificate.</summary>
    public static IServiceCollection AddSealerWithCheckpoints(this IServiceCollection services) => services
        .AddSingleton<ComposeCheckpoint>(provider => (sealedNo, sealHash, sealedAt) => Compose(
            provider.GetRequiredService<ServiceCertificate>().Current,
            $"exchange://service/{provider.GetRequiredService<ServiceName>().Value}", sealedNo, sealHash, sealedAt))
        .AddSealer();

    /// <summary>Composes and signs a checkpoint, serialised as it is stored and sent.</summary>
    /// <param name="certificate">The service's certificate with its private key, which must be an EC key on P-256.</param>
    /// <param name="service">The service's identity, such as <c>exchange://service/requests</c>.</param>
    /// <param name="sealedNo">The last number of the sealed order that the checkpoint covers.</param>
    /// <param name="sealHash">The chain's hash at that number, 32 bytes.</param>
    /// <param name="sealedAt">When that number was given.</param>
    /// <exception cref="CryptographicException">The certificate has no EC key.</exception>
    public static byte[] Compose(X509Certificate2 certificate, string service, long sealedNo, byte[] sealHash, DateTimeOffset sealedAt)
    {
        var checkpoint = new Checkpoint
        {
            Service = service, SealedNo = sealedNo, SealHash = ByteString.CopyFrom(sealHash), SealedAt = sealedAt.ToTimestamp(),
        };
        using var key = certificate.GetECDsaPrivateKey()
            ?? throw new CryptographicException(
                "Identity:Key: checkpoints are signed with an EC key (P-256), and this certificate has another.");
        checkpoint.Signature = ByteString.CopyFrom(key.SignData(SignedBytes(checkpoint), HashAlgorithmName.SHA256));
        checkpoint.Certificate = ByteString.CopyFrom(certificate.RawData);
        return checkpoint.ToByteArray();
    }

    /// <summary>The bytes that the signature covers: the canonical bytes of the checkpoint without signature and certificate.</summary>
    public static byte[] SignedBytes(Checkpoint checkpoint)
    {
        var bare = checkpoint.Clone();
        bare.Signature = ByteString.Empty;
        bare.Certificate = ByteString.Empty;
        return CanonicalBytes.Of(bare);
    }
}
