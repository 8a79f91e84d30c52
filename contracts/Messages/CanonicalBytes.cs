using System.Security.Cryptography;
using Google.Protobuf;

namespace Exchange.Contracts;

/// <summary>What is stored, hashed and signed: a version byte and a message as it was serialised once, never again.</summary>
public static class CanonicalBytes
{
    /// <summary>The first byte; another format gets another number.</summary>
    public const byte Version = 1;

    /// <summary>The version byte and the message.</summary>
    public static byte[] Of(IMessage message) => [Version, .. message.ToByteArray()];

    /// <summary>The message of canonical bytes.</summary>
    /// <exception cref="CryptographicException">They are of a format not known here.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> canonical, MessageParser<T> parser)
        where T : IMessage<T> => canonical is [Version, .. var bytes]
        ? parser.ParseFrom(bytes)
        : throw new CryptographicException("Canonical bytes of an unknown format.");
}
