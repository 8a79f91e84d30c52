using System.Security.Cryptography;
using System.Text;

namespace Exchange.Platform;

/// <summary>What a command is recognised by when it is sent again.</summary>
/// <param name="Id">The client's id of the command; unique within the journal.</param>
/// <param name="Digest">
/// Digest of the command's content and of who gave it. It tells the same command from another under the same id, and is keyed
/// where the content could be guessed back from a plain hash.
/// </param>
public sealed record CommandIdentity(Guid Id, byte[] Digest)
{
    /// <summary>
    /// Digests of the same command by other versions of the key: it may have been recorded before the key was renewed.
    /// </summary>
    public IReadOnlyList<byte[]> OtherDigests { get; init; } = [];

    /// <summary>Whether a digest that was recorded is of this command.</summary>
    internal bool Matches(byte[] recorded) =>
        OtherDigests.Prepend(Digest).Aggregate(false, (found, one) => CryptographicOperations.FixedTimeEquals(one, recorded) || found);

    /// <summary>The id was made for this one call, so the command cannot have been recorded before and is not looked up.</summary>
    public bool IsNew { get; init; }

    /// <summary>What is wrong with an id that <see cref="TryParseId"/> does not accept.</summary>
    public const string IdFault =
        "must be a UUID in lower case with hyphens, a new one for every command; "
        + "not of version 8, which the services keep for themselves.";

    // Of RFC 9562: made as its maker likes.
    const int DerivedVersion = 8;

    /// <summary>Reads the id that a caller gave his command.</summary>
    /// <returns>
    /// False where it is no UUID, or one that a service could derive: whoever used that for a command of his own would keep the service
    /// from recording what follows from another's.
    /// </returns>
    public static bool TryParseId(string text, out Guid id) =>
        TryParseUuid(text, out id) && id != Guid.Empty && id.Version != DerivedVersion;

    /// <summary>Reads a UUID that is written as services write it, in lower case with hyphens (RFC 9562, 4).</summary>
    public static bool TryParseUuid(string text, out Guid id)
    {
        if (Guid.TryParseExact(text, "D", out id) && id.ToString() == text)
            return true;
        id = Guid.Empty;
        return false;
    }

    /// <summary>A command that no client can repeat, because its id is made here.</summary>
    public static CommandIdentity New(byte[] digest) => new(Guid.CreateVersion7(), digest) { IsNew = true };

    /// <summary>A command that follows from something that happened: the same cause always gives the same command.</summary>
    public static CommandIdentity DerivedFrom(string cause)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(cause));
        return new(UuidFrom(digest, DerivedVersion), digest);
    }

    /// <summary>A UUID made of the first 16 bytes of a hash (RFC 9562).</summary>
    /// <param name="hash">At least 16 bytes.</param>
    /// <param name="version">The version that the UUID states, such as 8 for one of the application's own making.</param>
    public static Guid UuidFrom(ReadOnlySpan<byte> hash, int version)
    {
        Span<byte> bytes = stackalloc byte[16];
        hash[..16].CopyTo(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | (version << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes, bigEndian: true);
    }
}
