using System.Buffers.Binary;
using System.Text;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Tracking;

/// <summary>
/// Encrypts the letter of a rung, which is in an officer's own words, with the salt of his commitment to it. What is stored is the version
/// of the key, four bytes big endian, and AES-256-GCM: nonce, ciphertext of an <see cref="Opening"/>, tag.
/// </summary>
sealed class RungLetters(Keyring keyring)
{
    /// <summary>What the key is for.</summary>
    public static readonly KeyPurpose Purpose = new("rung letters");

    const int VersionLength = sizeof(int);

    /// <summary>What is stored of a letter.</summary>
    public byte[] Encrypt(Guid rung, string letter, ByteString salt)
    {
        var key = keyring.InUse(Purpose.Name);
        var version = new byte[VersionLength];
        BinaryPrimitives.WriteInt32BigEndian(version, key.Version);
        var opening = new Opening { Part = "letter", Salt = salt, Content = ByteString.CopyFromUtf8(letter) };
        return [.. version, .. Encryption.Encrypt(key.Secret, opening.ToByteArray(), Binding(rung))];
    }

    /// <summary>The letter.</summary>
    /// <param name="stored">Not empty.</param>
    /// <exception cref="Refusal">Damaged: this is not what was stored of this rung.</exception>
    public string Decrypt(Guid rung, ReadOnlySpan<byte> stored)
    {
        if (stored.Length < VersionLength + Encryption.Overhead
            || keyring.Find(Purpose.Name, BinaryPrimitives.ReadInt32BigEndian(stored)) is not { } key)
            throw Damaged(rung);
        try
        {
            return Opening.Parser.ParseFrom(Encryption.Decrypt(key.Secret, stored[VersionLength..], Binding(rung))).Content.ToStringUtf8();
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            throw Damaged(rung);
        }
    }

    static byte[] Binding(Guid rung) => [.. Encryption.BytesOf(rung), .. Encoding.ASCII.GetBytes("letter")];

    static Refusal Damaged(Guid rung) => new(RefusalKind.Damaged, "RUNG_LETTER_DAMAGED",
        $"The letter of rungs/{rung} cannot be decrypted: its row was changed, or its key is missing. "
        + "An operator compares the database with a backup.");
}
