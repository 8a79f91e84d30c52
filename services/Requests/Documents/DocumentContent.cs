using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>
/// The bytes of documents: pieces, each encrypted under the key of its request for its document and place, so that one
/// changed, moved or left out is noticed. A piece is all that is in memory at a time, and no cursor stays open for a slow reader.
/// </summary>
sealed partial class DocumentContent(Database database, ILogger<DocumentContent> log)
{
    /// <summary>Longest piece, in bytes.</summary>
    public const int PieceLength = 1 << 20;

    /// <summary>Encrypts a piece.</summary>
    /// <param name="firstByte">Offset of the piece in the document.</param>
    public static byte[] Encrypt(RequestKey key, Guid document, long firstByte, ReadOnlySpan<byte> plain) =>
        key.Encrypt(PlaceOf(document, firstByte), plain);

    /// <summary>Encrypts a title.</summary>
    public static byte[] EncryptTitle(RequestKey key, Guid document, string title) =>
        key.Encrypt(Encryption.BytesOf(document), Encoding.UTF8.GetBytes(title));

    /// <summary>Decrypts a title.</summary>
    /// <exception cref="CryptographicException">It was changed, or belongs to another document.</exception>
    public static string DecryptTitle(RequestKey key, Guid document, ReadOnlySpan<byte> stored) =>
        Encoding.UTF8.GetString(key.Decrypt(Encryption.BytesOf(document), stored));

    /// <summary>Reads a range of a document, decrypted, in order and piece by piece.</summary>
    /// <exception cref="Refusal">Damaged: a piece is missing or cannot be decrypted.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> Read(
        Guid document, RequestKey key, long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var at = from; at < to;)
        {
            var (firstByte, stored) = (await database.Query(
                """
                SELECT first_byte, content FROM document_pieces WHERE document_id = $1 AND first_byte <= $2
                ORDER BY first_byte DESC LIMIT 1
                """,
                [document, at], row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), ct)).FirstOrDefault();
            var plain = Decrypt(key, document, firstByte, stored ?? []);
            var skip = at - firstByte;
            if (skip >= plain.Length)
                throw Damaged(document, at);
            var part = plain.AsMemory((int)skip, (int)Math.Min(plain.Length - skip, to - at));
            yield return part;
            at += part.Length;
        }
    }

    /// <summary>SHA-256 of the whole document as it is stored.</summary>
    /// <exception cref="Refusal">Damaged: a piece is missing or cannot be decrypted.</exception>
    public async Task<byte[]> Hash(Guid document, RequestKey key, long size, CancellationToken ct)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var part in Read(document, key, 0, size, ct))
            sha256.AppendData(part.Span);
        return sha256.GetHashAndReset();
    }

    /// <summary>For whoever finds out: the operator's log gets the document's id and the place.</summary>
    public Refusal Damaged(Guid document, long at)
    {
        DocumentDamaged(document, at);
        return DocumentRefusals.Damaged();
    }

    byte[] Decrypt(RequestKey key, Guid document, long firstByte, byte[] stored)
    {
        try
        {
            return key.Decrypt(PlaceOf(document, firstByte), stored);
        }
        catch (CryptographicException)
        {
            throw Damaged(document, firstByte);
        }
    }

    static byte[] PlaceOf(Guid document, long firstByte)
    {
        var place = new byte[16 + sizeof(long)];
        Encryption.BytesOf(document).CopyTo(place, 0);
        BinaryPrimitives.WriteInt64BigEndian(place.AsSpan(16), firstByte);
        return place;
    }

    [LoggerMessage(2070, LogLevel.Error, "Document {Document} is damaged at byte {At}: what is stored is not what was received")]
    partial void DocumentDamaged(Guid document, long at);
}
