using System.Security.Cryptography;
using Google.Protobuf;

namespace Exchange.Platform;

/// <summary>
/// The canonical bytes of a journal entry, as they are stored, hashed and sent and never serialised again: the format byte 0x02, 16 random
/// bytes, and a message in protobuf's binary form. Without the random bytes whoever holds an entry's hash, as a neighbour of it in a proof
/// shows it, could try what a short entry says until the hash is right.
/// </summary>
public static class EntryBytes
{
    /// <summary>The first byte; a changed format gets a new number.</summary>
    public const byte Format = 2;

    /// <summary>How many random bytes follow it.</summary>
    public const int RandomLength = 16;

    const int MessageAt = 1 + RandomLength;

    /// <summary>Serialises an entry; every call gives other bytes.</summary>
    public static byte[] Of(IMessage entry)
    {
        var bytes = new byte[MessageAt + entry.CalculateSize()];
        bytes[0] = Format;
        RandomNumberGenerator.Fill(bytes.AsSpan(1, RandomLength));
        entry.WriteTo(bytes.AsSpan(MessageAt));
        return bytes;
    }

    /// <summary>Reads the message in an entry.</summary>
    /// <exception cref="InvalidDataException">The bytes are of another format, or hold no such message.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> entry, MessageParser<T> parser)
        where T : IMessage<T>
    {
        if (entry.Length < MessageAt || entry[0] != Format)
            throw new InvalidDataException($"Not an entry of a journal in the format 0x{Format:X2}.");
        try
        {
            return parser.ParseFrom(entry[MessageAt..]);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException("An entry of a journal that cannot be read.", e);
        }
    }

    /// <summary>
    /// The hash of an entry: that of a leaf of RFC 6962, SHA-256 over a zero byte and the entry's bytes. The journal's Merkle tree stands
    /// on it, and the next entry of the aggregate names it.
    /// </summary>
    public static byte[] HashOf(ReadOnlySpan<byte> entry) => MerkleTree.HashLeaf(entry);
}
