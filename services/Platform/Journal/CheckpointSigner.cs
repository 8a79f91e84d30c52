using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using NSec.Cryptography;

namespace Exchange.Platform;

/// <summary>Section <c>Checkpoints</c>: how heads of the journal are signed. A bad value stops the service at start.</summary>
public sealed class CheckpointOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Checkpoints";

    /// <summary>
    /// File with the private Ed25519 key of this service's journal, 32 bytes in base64. It outlives certificates, so that whoever keeps
    /// checkpoints verifies old and new ones with one key.
    /// </summary>
    [Required]
    public string Key { get; init; } = "";
}

/// <summary>
/// Signs heads of the journal: with the journal's own Ed25519 key, which any verifier of C2SP notes knows, and with the key of the
/// service's certificate, by which those who have the anchor of the services know whose it is.
/// </summary>
public sealed class CheckpointSigner
{
    readonly ServiceCertificate certificate;
    readonly Key own;

    /// <exception cref="OptionsValidationException">The file is missing or does not hold such a key.</exception>
    public CheckpointSigner(
        ServiceName service, IOptions<InstallationOptions> installation, ServiceCertificate certificate,
        IOptions<CheckpointOptions> options)
    {
        this.certificate = certificate;
        Origin = LogCheckpoint.OriginOf(installation.Value.State, service.Value);
        own = Read(options.Value.Key);
    }

    /// <summary>Which journal it is, see <see cref="LogCheckpoint.OriginOf"/>; also the name of its keys.</summary>
    public string Origin { get; }

    /// <summary>The certificate with whose key notes are signed now.</summary>
    public X509Certificate2 Certificate => certificate.Current;

    /// <summary>The journal's own public key.</summary>
    public NoteKey OwnKey => new(Origin, NoteKey.Ed25519, own.PublicKey.Export(KeyBlobFormat.RawPublicKey));

    /// <summary>Composes and signs a checkpoint.</summary>
    /// <param name="size">Entries that it covers.</param>
    /// <param name="root">Root of the Merkle tree over them, 32 bytes.</param>
    /// <exception cref="CryptographicException">The certificate's key is no EC key.</exception>
    public string Sign(long size, byte[] root)
    {
        using var key = Certificate.GetECDsaPrivateKey() ?? throw new CryptographicException(
            "Identity:Key: checkpoints are signed with an EC key (P-256), and this certificate has another.");
        return SignedNote.Sign(new LogCheckpoint(Origin, size, root).ToString(),
        [
            (OwnKey, text => SignatureAlgorithm.Ed25519.Sign(own, text)),
            (NoteKey.OfCertificate(Origin, Certificate),
                text => key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
        ]);
    }

    /// <summary>A stored checkpoint under the keys of today: signed anew where a certificate was renewed since.</summary>
    public string Renew(SealedHead head)
    {
        var signedBy = SignedNote.Read(head.Note)?.Signatures ?? [];
        NoteKey[] keys = [OwnKey, NoteKey.OfCertificate(Origin, Certificate)];
        return keys.All(key => signedBy.Any(one => one.KeyId.AsSpan().SequenceEqual(key.Id))) ? head.Note : Sign(head.Size, head.Root);
    }

    static Key Read(string file)
    {
        if (!File.Exists(file))
            throw Fault($"there is no file {file}.");
        try
        {
            var secret = Convert.FromBase64String(File.ReadAllText(file).Trim());
            return Key.Import(SignatureAlgorithm.Ed25519, secret, KeyBlobFormat.RawPrivateKey);
        }
        catch (FormatException)
        {
            throw Fault($"{file} does not hold 32 bytes in base64.");
        }
    }

    static OptionsValidationException Fault(string what) =>
        new(CheckpointOptions.Section, typeof(CheckpointOptions), [$"Checkpoints:Key: {what}"]);
}
