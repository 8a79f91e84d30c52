using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Exchange.Platform;

/// <summary>
/// The message authentication code of a journal entry: a byte with the version of the key, and HMAC-SHA256 over the entry's aggregate,
/// version and hash. Whoever writes to the database without the service's keys cannot make it, so that what he slips in is neither sealed
/// nor read. A code proves nothing to others: to them the signed tree does, and the officers' signatures.
/// </summary>
public sealed class EntryMac(Keyring keyring)
{
    /// <summary>
    /// Of the key in the keyring. It is never renewed: an entry must be recognised as long as the journal lives, also by a replica that
    /// has not read a newer key yet, and where the keys were restored from an older copy.
    /// </summary>
    public static KeyPurpose Key { get; } = new("journal entry", Renews: false);

    const int IdLength = 16;

    /// <summary>The code of an entry that is written.</summary>
    /// <param name="hash">Its hash, see <see cref="EntryBytes.HashOf"/>.</param>
    public byte[] Of(Guid aggregate, int version, byte[] hash)
    {
        var key = keyring.InUse(Key.Name);
        return [checked((byte)key.Version), .. Compute(key, aggregate, version, hash)];
    }

    /// <summary>Whether the service wrote an entry that was read.</summary>
    internal bool Matches(Guid aggregate, int version, byte[] hash, byte[] mac) =>
        mac.Length == 1 + HMACSHA256.HashSizeInBytes && keyring.Find(Key.Name, mac[0]) is { } key
        && CryptographicOperations.FixedTimeEquals(mac.AsSpan(1), Compute(key, aggregate, version, hash));

    static byte[] Compute(VersionedKey key, Guid aggregate, int version, byte[] hash)
    {
        var bytes = new byte[IdLength + sizeof(int) + hash.Length];
        aggregate.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(IdLength), version);
        hash.CopyTo(bytes, IdLength + sizeof(int));
        return HMACSHA256.HashData(key.Secret, bytes);
    }
}
