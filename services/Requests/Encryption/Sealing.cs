using System.Security.Cryptography;

namespace Exchange.Requests;

/// <summary>AES-256-GCM as it is stored: 12 bytes nonce, ciphertext, 16 bytes tag.</summary>
static class Sealing
{
    public const int KeyLength = 32;
    const int NonceLength = 12;
    const int TagLength = 16;

    /// <summary>A ciphertext is longer than its plain text by this.</summary>
    public const int Overhead = NonceLength + TagLength;

    /// <param name="bound">Additional data: what the ciphertext belongs to, so that it opens nowhere else.</param>
    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> bound)
    {
        var box = new byte[plain.Length + Overhead];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(box.AsSpan(0, NonceLength), plain, box.AsSpan(NonceLength, plain.Length), box.AsSpan(NonceLength + plain.Length), bound);
        return box;
    }

    /// <exception cref="CryptographicException">It was changed, or belongs elsewhere.</exception>
    public static byte[] Open(byte[] key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> bound)
    {
        if (box.Length < Overhead)
            throw new CryptographicException("The ciphertext is cut off.");
        var plain = new byte[box.Length - Overhead];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(box[..NonceLength], box.Slice(NonceLength, plain.Length), box[(NonceLength + plain.Length)..], plain, bound);
        return plain;
    }

    public static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);
}
