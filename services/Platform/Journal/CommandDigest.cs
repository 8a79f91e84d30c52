using System.Security.Cryptography;

namespace Exchange.Platform;

/// <summary>
/// Makes the digests by which a command is recognised when it is sent again. They are keyed, because commands are few and alike, and a
/// plain hash of a text could be guessed back. Whoever has the database and no key learns nothing from a digest, for a command's id is part
/// of what is digested and no two are alike.
/// </summary>
public sealed class CommandDigest(Keyring keyring)
{
    /// <summary>Of the keys in the keyring.</summary>
    public const string Purpose = "command digest";

    /// <summary>A command by its id and what it says.</summary>
    /// <param name="said">Includes who gave it: the same id from somebody else is another command.</param>
    public CommandIdentity Identify(Guid id, byte[] said)
    {
        var inUse = keyring.InUse(Purpose);
        return new(id, HMACSHA256.HashData(inUse.Secret, said))
        {
            OtherDigests = [.. keyring.All(Purpose).Where(key => key != inUse).Select(key => HMACSHA256.HashData(key.Secret, said))],
        };
    }
}
