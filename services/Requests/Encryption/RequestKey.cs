using System.Security.Cryptography;
using System.Text;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>
/// The key of one request or one case. What it encrypts can be decrypted for this request and this purpose only: both are associated data.
/// </summary>
sealed class RequestKey(Guid request, byte[] key)
{
    /// <summary>Purpose of a ciphertext that is a letter.</summary>
    public const string Letter = "letter";

    /// <summary>Purpose of a ciphertext that is what an officer said in his own words.</summary>
    public const string Texts = "texts";

    /// <summary>Purpose of a ciphertext that is what is known of a request or a case in words.</summary>
    public const string Particulars = "particulars";

    /// <summary>Purpose of a ciphertext that is why an officer read something.</summary>
    public const string Reading = "reading";

    /// <summary>Encrypts the canonical bytes of a message.</summary>
    public ByteString Encrypt(string purpose, IMessage message) => Encrypt(purpose, CanonicalBytes.Of(message));

    /// <summary>Encrypts bytes for a purpose.</summary>
    public ByteString Encrypt(string purpose, ReadOnlySpan<byte> plain) =>
        UnsafeByteOperations.UnsafeWrap(Encryption.Encrypt(key, plain, AssociatedData(Encoding.ASCII.GetBytes(purpose))));

    /// <summary>Decrypts what was encrypted for a purpose.</summary>
    /// <exception cref="CryptographicException">It was changed, or belongs to another request or purpose.</exception>
    public byte[] Decrypt(string purpose, ReadOnlySpan<byte> stored) =>
        Encryption.Decrypt(key, stored, AssociatedData(Encoding.ASCII.GetBytes(purpose)));

    /// <summary>Decrypts a letter.</summary>
    /// <exception cref="CryptographicException">It was changed, or belongs to another request.</exception>
    public SaltedLetter DecryptLetter(ByteString stored)
    {
        var opening = CanonicalBytes.Parse(Decrypt(Letter, stored.Span), LetterOpening.Parser);
        return new(opening.Salt, opening.Letter);
    }

    /// <summary>Encrypts for a place within the request, such as a document's id and the offset of a piece.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> place, ReadOnlySpan<byte> plain) => Encryption.Encrypt(key, plain, AssociatedData(place));

    /// <summary>Decrypts what was encrypted for a place within the request.</summary>
    /// <exception cref="CryptographicException">It was changed, or belongs to another request or place.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> place, ReadOnlySpan<byte> stored) => Encryption.Decrypt(key, stored, AssociatedData(place));

    byte[] AssociatedData(ReadOnlySpan<byte> purpose) => [.. Encryption.BytesOf(request), .. purpose];
}
