using System.Security.Cryptography;
using Google.Protobuf;

namespace Exchange.Contracts;

/// <summary>
/// What is signed or encrypted: a version byte and a message as it was serialised once, never again. Entries of a journal have a form of
/// their own.
/// </summary>
public static class CanonicalBytes
{
    /// <summary>The first byte of canonical bytes; a changed format gets a new number.</summary>
    public const byte Version = 2;

    /// <summary>Serialises a message: the version byte, and after it the message in protobuf's binary form.</summary>
    public static byte[] Of(IMessage message) => [Version, .. message.ToByteArray()];

    /// <summary>Reads the message out of canonical bytes.</summary>
    /// <exception cref="CryptographicException">The first byte names a format that is not known here.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> canonical, MessageParser<T> parser)
        where T : IMessage<T> => canonical is [Version, .. var bytes]
        ? parser.ParseFrom(bytes)
        : throw new CryptographicException("Canonical bytes of an unknown format.");

    /// <summary>
    /// Reads what somebody else made; null where it is no such message, or holds a field twice: of those the last one counts, and the
    /// others would be kept and looked at by nobody.
    /// </summary>
    /// <param name="parser">One that discards unknown fields takes none.</param>
    public static T? Read<T>(ReadOnlySpan<byte> canonical, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        try
        {
            return canonical is [Version, .. var bytes] && parser.ParseFrom(bytes) is var message && message.CalculateSize() == bytes.Length
                ? message : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
