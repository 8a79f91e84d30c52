using System.Security.Cryptography;

namespace Exchange.Platform;

/// <summary>Authenticated encryption as it is stored: AES-256-GCM, 12 bytes nonce, then the ciphertext, then 16 bytes tag.</summary>
public static class Encryption
{
    /// <summary>Length of a key in bytes.</summary>
    public const int KeyLength = 32;

    const int NonceLength = 12;
    const int TagLength = 16;

    /// <summary>By so many bytes what is stored is longer than its plain text.</summary>
    public const int Overhead = NonceLength + TagLength;

    /// <summary>Encrypts under a fresh random nonce.</summary>
    /// <param name="associatedData">What the ciphertext belongs to, so that it can be decrypted nowhere else; not stored with it.</param>
    public static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associatedData)
    {
        var stored = new byte[plain.Length + Overhead];
        RandomNumberGenerator.Fill(stored.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(stored.AsSpan(0, NonceLength), plain, stored.AsSpan(NonceLength, plain.Length),
            stored.AsSpan(NonceLength + plain.Length), associatedData);
        return stored;
    }

    /// <summary>Decrypts what <see cref="Encrypt"/> gave.</summary>
    /// <exception cref="CryptographicException">It was changed, or belongs to something else.</exception>
    public static byte[] Decrypt(byte[] key, ReadOnlySpan<byte> stored, ReadOnlySpan<byte> associatedData)
    {
        if (stored.Length < Overhead)
            throw new CryptographicException("The ciphertext is cut off.");
        var plain = new byte[stored.Length - Overhead];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(stored[..NonceLength], stored.Slice(NonceLength, plain.Length), stored[(NonceLength + plain.Length)..], plain,
            associatedData);
        return plain;
    }

    /// <summary>An id as associated data: its 16 bytes in the order they are written in.</summary>
    public static byte[] BytesOf(Guid id) => id.ToByteArray(bigEndian: true);
}
