using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>
/// The bytes of documents: pieces, each sealed under the key of its request and bound to its document and place, so that one
/// changed, moved or left out is noticed. A piece is all that is in memory at a time, and no cursor stays open for a slow reader.
/// </summary>
sealed partial class DocumentContent(Database database, ILogger<DocumentContent> log)
{
    /// <summary>Longest piece.</summary>
    public const int PieceLength = 1 << 20;

    public static byte[] Seal(RequestKey key, Guid document, long firstByte, ReadOnlySpan<byte> plain) => key.Seal(Bound(document, firstByte), plain);

    public static byte[] SealTitle(RequestKey key, Guid document, string title) => key.Seal(Sealing.Bytes(document), Encoding.UTF8.GetBytes(title));

    public static string OpenTitle(RequestKey key, Guid document, ReadOnlySpan<byte> box) => Encoding.UTF8.GetString(key.Open(Sealing.Bytes(document), box));

    /// <summary>The bytes of a range, in order.</summary>
    /// <exception cref="Refusal">Damaged: a piece is missing or does not open.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> Read(
        Guid document, RequestKey key, long from, long to, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var at = from; at < to;)
        {
            var (firstByte, box) = (await database.Query(
                "SELECT first_byte, content FROM document_pieces WHERE document_id = $1 AND first_byte <= $2 ORDER BY first_byte DESC LIMIT 1",
                [document, at], row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), ct)).FirstOrDefault();
            var plain = Open(key, document, firstByte, box ?? []);
            var skip = at - firstByte;
            if (skip >= plain.Length)
                throw Damaged(document, at);
            var part = plain.AsMemory((int)skip, (int)Math.Min(plain.Length - skip, to - at));
            yield return part;
            at += part.Length;
        }
    }

    /// <summary>SHA-256 of all of it.</summary>
    /// <exception cref="Refusal">Damaged: a piece is missing or does not open.</exception>
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

    byte[] Open(RequestKey key, Guid document, long firstByte, byte[] box)
    {
        try
        {
            return key.Open(Bound(document, firstByte), box);
        }
        catch (CryptographicException)
        {
            throw Damaged(document, firstByte);
        }
    }

    static byte[] Bound(Guid document, long firstByte)
    {
        var bound = new byte[16 + sizeof(long)];
        Sealing.Bytes(document).CopyTo(bound, 0);
        BinaryPrimitives.WriteInt64BigEndian(bound.AsSpan(16), firstByte);
        return bound;
    }

    [LoggerMessage(2070, LogLevel.Error, "Document {Document} is damaged at byte {At}: what is stored is not what was received")]
    partial void DocumentDamaged(Guid document, long at);
}
