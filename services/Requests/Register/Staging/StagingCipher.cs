using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Exchange.Requests;

/// <summary>AES-256-GCM under a key that is made here, never stored and gone with this object. For one thread at a time.</summary>
sealed class StagingCipher : IDisposable
{
    const int NonceLength = 12;
    const int TagLength = 16;

    readonly AesGcm aes;

    public StagingCipher()
    {
        Span<byte> key = stackalloc byte[32];
        RandomNumberGenerator.Fill(key);
        aes = new(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <param name="number">Of the row, once per file: the key lives for one file, so it makes the nonce.</param>
    public byte[] Encrypt(ReadOnlySpan<byte> plain, long number)
    {
        var stored = new byte[plain.Length + TagLength];
        aes.Encrypt(Nonce(number), plain, stored.AsSpan(0, plain.Length), stored.AsSpan(plain.Length));
        return stored;
    }

    public byte[] Decrypt(ReadOnlySpan<byte> stored, long number)
    {
        var plain = new byte[stored.Length - TagLength];
        aes.Decrypt(Nonce(number), stored[..plain.Length], stored[plain.Length..], plain);
        return plain;
    }

    public void Dispose() => aes.Dispose();

    static byte[] Nonce(long number)
    {
        var nonce = new byte[NonceLength];
        BinaryPrimitives.WriteInt64BigEndian(nonce, number);
        return nonce;
    }
}
