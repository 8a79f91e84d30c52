using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Exchange.Platform;

/// <summary>What keys of the keyring are for.</summary>
/// <param name="Name">Part of what is stored; without a slash.</param>
/// <param name="Renews">
/// Whether a rotation makes a new version. False where a value made with an older one could not be recognised, because it is looked up by
/// the value alone.
/// </param>
public sealed record KeyPurpose(string Name, bool Renews = true);

/// <summary>A key of the keyring.</summary>
/// <param name="Version">From 1.</param>
/// <param name="Secret">32 bytes.</param>
public sealed record VersionedKey(int Version, byte[] Secret);

/// <summary>
/// Random keys, each for one purpose, in numbered versions. They are stored wrapped by the service key and live on when that is replaced:
/// what was made with them is recognised for good. New values are made with the newest version that every replica knows; a version is
/// new for ten minutes, and each replica looks every minute. The first version is made at the first start, by whichever replica is
/// first: of two the second finds the other's.
/// </summary>
public sealed class Keyring(ServiceKey serviceKey, NpgsqlDataSource store, IEnumerable<KeyPurpose> purposes)
{
    internal const string Label = "exchange keyring v1";

    readonly Database database = new(store);
    volatile Dictionary<string, (VersionedKey InUse, VersionedKey[] All)> keys = [];

    /// <summary>Reads all keys, and makes the first version of those that are missing.</summary>
    /// <exception cref="InvalidOperationException">A key was changed, or wrapped by a service key that is not known.</exception>
    public async Task Load(CancellationToken ct)
    {
        var stored = await Read(ct);
        if (purposes.Where(purpose => !stored.Contains(purpose.Name)).ToList() is { Count: > 0 } missing)
        {
            foreach (var purpose in missing)
                await Add(purpose, 1, ct);
            stored = await Read(ct);
        }
        keys = stored.ToDictionary(versions => versions.Key, versions =>
        {
            var newestFirst = versions.OrderByDescending(one => one.Key.Version).ToList();
            return (newestFirst.Find(one => one.IsOld).Key ?? newestFirst[^1].Key, newestFirst.Select(one => one.Key).ToArray());
        });
    }

    /// <summary>The key by which new values are made.</summary>
    /// <exception cref="InvalidOperationException">The keyring was not loaded, or has no such purpose.</exception>
    public VersionedKey InUse(string purpose) => Of(purpose).InUse;

    /// <summary>Every version, the newest first: by which values are recognised.</summary>
    /// <exception cref="InvalidOperationException">The keyring was not loaded, or has no such purpose.</exception>
    public IReadOnlyList<VersionedKey> All(string purpose) => Of(purpose).All;

    /// <summary>The key of one version; null when there is none.</summary>
    public VersionedKey? Find(string purpose, int version) => Array.Find(Of(purpose).All, key => key.Version == version);

    /// <summary>Makes a new version for every purpose that renews.</summary>
    internal async Task Renew(CancellationToken ct)
    {
        await Load(ct);
        foreach (var purpose in purposes.Where(purpose => purpose.Renews))
            await Add(purpose, All(purpose.Name)[0].Version + 1, ct);
    }

    Task Add(KeyPurpose purpose, int version, CancellationToken ct)
    {
        var name = $"{purpose.Name}/{version}";
        var wrapped = serviceKey.Wrap(Label, RandomNumberGenerator.GetBytes(Encryption.KeyLength), Encoding.UTF8.GetBytes(name));
        return database.Execute("INSERT INTO keyring (name, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING", [name, wrapped], ct);
    }

    // By the database's clock alone.
    async Task<ILookup<string, (VersionedKey Key, bool IsOld)>> Read(CancellationToken ct) => (await database.Query(
        "SELECT name, wrapped, created_at < now() - interval '10 minutes' FROM keyring", [], row =>
        {
            var (name, isOld) = (row.GetString(0), row.GetBoolean(2));
            var slash = name.LastIndexOf('/');
            return (Purpose: name[..slash], Key: new VersionedKey(
                int.Parse(name.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture),
                Unwrap(name, row.GetFieldValue<byte[]>(1))), IsOld: isOld);
        }, ct)).ToLookup(one => one.Purpose, one => (one.Key, one.IsOld));

    byte[] Unwrap(string name, byte[] wrapped)
    {
        try
        {
            return serviceKey.Unwrap(Label, wrapped, Encoding.UTF8.GetBytes(name));
        }
        catch (CryptographicException e)
        {
            throw new InvalidOperationException(
                $"The key {name} of the keyring was not wrapped by the service key in Keys:ServiceKey, or was changed. Set the service key "
                + "that the database of the keys was made with.", e);
        }
    }

    (VersionedKey InUse, VersionedKey[] All) Of(string purpose) => keys.TryGetValue(purpose, out var known) ? known
        : throw new InvalidOperationException($"The keyring holds no key for {purpose}, or was not loaded.");
}

/// <summary>Learns of new versions that a rotation made, before anybody uses them.</summary>
sealed partial class KeyringRefresh(Keyring keyring, TimeProvider time, ILogger<KeyringRefresh> log) : PeriodicWorker(time, Interval)
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task<TimeSpan> RunOnce(CancellationToken stop)
    {
        await keyring.Load(stop);
        return Interval;
    }

    protected override void Failed(Exception e) => NotRead(e);

    [LoggerMessage(1110, LogLevel.Warning, "The keyring could not be read; the keys that are known stay, trying again")]
    partial void NotRead(Exception e);
}
