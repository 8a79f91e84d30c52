using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Exchange.Platform;

/// <summary>What a message travels with, so that whoever receives it knows which service said it.</summary>
/// <param name="Bytes">As <see cref="GroupProof.ToBytes"/> wrote them; stored beside the message and sent with it, unchanged.</param>
/// <param name="CertificateId">SHA-256 of the certificate.</param>
/// <param name="Certificate">The certificate whose key signed, DER.</param>
public sealed record MessageProof(byte[] Bytes, byte[] CertificateId, byte[] Certificate);

/// <summary>
/// That a message is one of a group which a service has signed as a whole: the messages are the leaves of a Merkle tree (RFC 6962), and
/// the service signs its root once.
/// </summary>
/// <param name="Index">Which of the messages it is, from 0.</param>
/// <param name="Size">How many the group has.</param>
/// <param name="Root">The tree's root.</param>
/// <param name="Path">The hashes from the message up to the root.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over <see cref="SignedBytes"/>, IEEE P1363 form.</param>
sealed record GroupProof(int Index, int Size, byte[] Root, IReadOnlyList<byte[]> Path, byte[] Signature)
{
    // The key also signs checkpoints and TLS handshakes. None of those begins with these words and a zero byte: canonical bytes begin
    // with their version, notes hold no control characters, and a handshake begins with 64 blanks (RFC 8446, 4.4.3).
    const string OfMessage = "exchange/message/v1\0";
    const string OfGroup = "exchange/messages/v1\0";

    const byte Format = 1;
    const int Hash = SHA256.HashSizeInBytes;
    const int SignatureLength = 64;
    const int Fixed = 1 + sizeof(int) + sizeof(int) + Hash + SignatureLength;

    // A tree of 2^30 messages; no group is as large.
    const int LongestPath = 30;

    /// <summary>The leaf of a message: which service says it, of which type, under which id, and its bytes.</summary>
    public static byte[] LeafOf(string service, string type, Guid id, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes($"{OfMessage}{service}\0{type}\0");
        return MerkleTree.HashLeaf([.. head, .. id.ToByteArray(bigEndian: true), .. body]);
    }

    /// <summary>What the service signs.</summary>
    public static byte[] SignedBytes(string service, int size, ReadOnlySpan<byte> root)
    {
        Span<byte> count = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(count, size);
        return [.. Encoding.UTF8.GetBytes($"{OfGroup}{service}\0"), .. count, .. root];
    }

    /// <summary>Format byte, index and size as 4 bytes each, big endian, root, signature, and the hashes of the path.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Fixed + Path.Count * Hash];
        bytes[0] = Format;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), Index);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1 + sizeof(int)), Size);
        Root.CopyTo(bytes.AsSpan(1 + 2 * sizeof(int)));
        Signature.CopyTo(bytes.AsSpan(Fixed - SignatureLength));
        for (var i = 0; i < Path.Count; i++)
            Path[i].CopyTo(bytes.AsSpan(Fixed + i * Hash));
        return bytes;
    }

    /// <summary>Reads what somebody sent; null where it is no such proof.</summary>
    public static GroupProof? TryRead(ReadOnlySpan<byte> bytes)
    {
        var path = bytes.Length - Fixed;
        if (path < 0 || path % Hash != 0 || path / Hash > LongestPath || bytes[0] != Format)
            return null;
        var hashes = new byte[path / Hash][];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = bytes.Slice(Fixed + i * Hash, Hash).ToArray();
        return new(BinaryPrimitives.ReadInt32BigEndian(bytes[1..]), BinaryPrimitives.ReadInt32BigEndian(bytes[(1 + sizeof(int))..]),
            bytes.Slice(1 + 2 * sizeof(int), Hash).ToArray(), hashes, bytes.Slice(Fixed - SignatureLength, SignatureLength).ToArray());
    }
}
