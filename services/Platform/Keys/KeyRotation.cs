using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Platform;

/// <summary>A table of wrapped keys: its column <c>wrapped</c>, and what each belongs to.</summary>
/// <param name="Table">Beside the keyring, in the same database.</param>
/// <param name="Owner">The primary key, a UUID or a text: what a key belongs to.</param>
/// <param name="Label">As in <see cref="ServiceKey.Wrap"/>.</param>
public sealed record WrappedKeys(string Table, string Owner, string Label)
{
    /// <summary>What a key belongs to, as it was wrapped with.</summary>
    internal static byte[] BytesOf(object owner) => owner is Guid id ? Encryption.BytesOf(id) : Encoding.UTF8.GetBytes((string)owner);
}

/// <summary>
/// Wraps every key anew, by the service key, that is still wrapped by the second one; services may run meanwhile. The keys themselves stay
/// as they are, but purposes of the keyring get a new version. Cut short, it goes on where it was when it is run again.
/// </summary>
public sealed partial class KeyRotation(
    ServiceKey serviceKey, Keyring keyring, NpgsqlDataSource store, IEnumerable<WrappedKeys> others, ILogger<KeyRotation> log)
{
    const int PageSize = 1_000;

    static readonly WrappedKeys OfKeyring = new("keyring", "name", Keyring.Label);

    readonly Database database = new(store);

    /// <summary>Rotates.</summary>
    /// <exception cref="InvalidOperationException">
    /// There is no second key, or some keys were wrapped by neither; these are left alone.
    /// </exception>
    public async Task Run(CancellationToken ct)
    {
        if (!serviceKey.IsRotating)
            throw new InvalidOperationException(
                "Keys:SecondServiceKey is not set. Set it to the file of the former service key, and Keys:ServiceKey to that of the new "
                + "one.");
        // Once a rotation: the newest versions are wrapped by the new key from here on.
        if ((await Read(OfKeyring, null, int.MaxValue, ct)).TrueForAll(key => key.State is WrappedBy.Second))
            await keyring.Renew(ct);
        var unknown = 0;
        foreach (var keys in others.Prepend(OfKeyring))
            unknown += await Rewrap(keys, ct);
        if (unknown > 0)
            throw new InvalidOperationException(
                $"{unknown} keys were wrapped by neither of the two service keys and are left as they are. Do not discard the second key; "
                + "find the service key that was in use before it, and run this with it once more.");
        Rotated();
    }

    async Task<int> Rewrap(WrappedKeys keys, CancellationToken ct)
    {
        var (rewrapped, unknown) = (0, 0);
        object? last = null;
        while (await Read(keys, last, PageSize, ct) is { Count: > 0 } page)
        {
            last = page[^1].Owner;
            unknown += page.Count(key => key.State is WrappedBy.Neither);
            var old = page.Where(key => key.State is WrappedBy.Second).ToList();
            if (old.Count == 0)
                continue;
            // Where it is still the one that was read: a key may be destroyed meanwhile, and must stay so.
            rewrapped += await database.Execute(
                $"""
                UPDATE {keys.Table} SET wrapped = n.new FROM unnest($1, $2, $3) AS n (owner, old, new)
                WHERE {keys.Table}.{keys.Owner} = n.owner AND wrapped = n.old
                """,
                [
                    Owners(old.Select(key => key.Owner)), Column(old.Select(key => key.Wrapped)),
                    Column(old.Select(key => serviceKey.Wrap(keys.Label, key.Key!, WrappedKeys.BytesOf(key.Owner)))),
                ], ct);
        }
        Rewrapped(keys.Table, rewrapped);
        return unknown;
    }

    Task<List<(object Owner, byte[] Wrapped, byte[]? Key, WrappedBy State)>> Read(
        WrappedKeys keys, object? after, int count, CancellationToken ct) => database.Query(
        $"SELECT {keys.Owner}, wrapped FROM {keys.Table} {(after is null ? "" : $"WHERE {keys.Owner} > $2")} ORDER BY 1 LIMIT $1",
        after is null ? [count] : [count, after], row =>
        {
            var (owner, wrapped) = (row.GetValue(0), row.GetFieldValue<byte[]>(1));
            try
            {
                var key = serviceKey.Unwrap(keys.Label, wrapped, WrappedKeys.BytesOf(owner), out var bySecond);
                return (owner, wrapped, (byte[]?)key, bySecond ? WrappedBy.Second : WrappedBy.First);
            }
            catch (CryptographicException)
            {
                return (owner, wrapped, null, WrappedBy.Neither);
            }
        }, ct);

    static object Owners(IEnumerable<object> owners) =>
        owners.First() is Guid ? owners.Cast<Guid>().ToArray() : owners.Cast<string>().ToArray();

    static NpgsqlParameter Column(IEnumerable<byte[]> values) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea, Value = values.ToArray() };

    enum WrappedBy
    {
        First,
        Second,
        Neither,
    }

    [LoggerMessage(1111, LogLevel.Information, "{Table}: {Count} keys wrapped by the new service key")]
    partial void Rewrapped(string table, int count);

    [LoggerMessage(1112, LogLevel.Warning, "Every key is wrapped by the new service key; the second one is needed no more")]
    partial void Rotated();
}
