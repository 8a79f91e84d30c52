using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Contracts;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Cli;

/// <summary>An officer's signature over an act that binds his state, made with the key of the certificate he calls with.</summary>
static class Signing
{
    public static Signature Sign(Act act, X509Certificate2 own)
    {
        using var key = own.GetECDsaPrivateKey();
        if (key is not { KeySize: 256 })
            throw new Problem(ExitCode.Usage, "This step is signed, and the key of your certificate is not one of ECDSA P-256.",
                "--as or --certificate chooses another.");
        var content = CanonicalBytes.Of(act);
        return new()
        {
            Content = UnsafeByteOperations.UnsafeWrap(content),
            Value = ByteString.CopyFrom(key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)),
            Algorithm = "ES256",
            Certificate = ByteString.CopyFrom(own.RawData),
        };
    }
}
