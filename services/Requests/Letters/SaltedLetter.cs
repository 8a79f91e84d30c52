using System.Security.Cryptography;
using Exchange.Client;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>A letter with the salt of the commitment to it, as it is kept, encrypted.</summary>
/// <param name="Salt">32 random bytes.</param>
/// <param name="Content">The letter as whoever wrote it serialised it.</param>
sealed record SaltedLetter(ByteString Salt, ByteString Content)
{
    /// <summary>What stands for the letter of a request that has none, as one from a register.</summary>
    public static SaltedLetter None { get; } = new(ByteString.Empty, ByteString.Empty);

    /// <summary>The letter.</summary>
    public Letter Letter => Letter.Parser.ParseFrom(Content);

    /// <summary>The commitment to it: nobody who guesses what a letter says can find out by this whether it does.</summary>
    public byte[] Commitment => ActStatements.Commit(Salt.Span, Content.Span);

    /// <summary>A letter with a fresh salt.</summary>
    public static SaltedLetter Of(Letter letter) =>
        new(ByteString.CopyFrom(RandomNumberGenerator.GetBytes(ActStatements.SaltLength)), letter.ToByteString());

    /// <summary>As it is encrypted.</summary>
    public LetterOpening ToProto() => new() { Salt = Salt, Letter = Content };
}
