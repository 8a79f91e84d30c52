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
}
