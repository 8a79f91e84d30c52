using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

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

    /// <summary>Encrypts what is kept of a document.</summary>
    public static ByteString Encrypt(RequestKey key, Guid document, DocumentDetails details) =>
        UnsafeByteOperations.UnsafeWrap(key.Encrypt(Encryption.BytesOf(document), CanonicalBytes.Of(details)));

    /// <summary>Decrypts what is kept of a document.</summary>
    /// <exception cref="CryptographicException">It was changed, or belongs to another document.</exception>
    public static DocumentDetails DetailsOf(DocumentRecord record, RequestKey key) => CanonicalBytes.Parse(
        key.Decrypt(Encryption.BytesOf(Guid.Parse(record.DocumentId)), record.EncryptedDetails.Span), DocumentDetails.Parser);

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

    /// <summary>SHA-256 of the whole document as it is stored, and the commitment to it: the same after the salt.</summary>
    /// <exception cref="Refusal">Damaged: a piece is missing or cannot be decrypted.</exception>
    public async Task<(byte[] Hash, byte[] Commitment)> Hash(
        Guid document, RequestKey key, long size, ReadOnlyMemory<byte> salt, CancellationToken ct)
    {
        using var plain = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var salted = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        salted.AppendData(salt.Span);
        await foreach (var part in Read(document, key, 0, size, ct))
        {
            plain.AppendData(part.Span);
            salted.AppendData(part.Span);
        }
        return (plain.GetHashAndReset(), salted.GetHashAndReset());
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
