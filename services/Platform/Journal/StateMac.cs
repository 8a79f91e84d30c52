using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NpgsqlTypes;

namespace Exchange.Platform;

/// <summary>
/// The message authentication code of a row of a state table: a byte with the version of the key, and HMAC-SHA256 over the table, the
/// row's id, version and head hash, and every column. Whoever writes to the database without the service's keys cannot make it. The key
/// is of the keyring, so that every replica has the same, also after the service key was replaced. It tells nothing of the row: the
/// version goes in, so that even equal rows differ in it.
/// </summary>
public sealed class StateMac(Keyring keyring)
{
    /// <summary>Of the keys in the keyring.</summary>
    public const string Purpose = "state row";

    const string Domain = "exchange state row v1";

    // As PostgreSQL counts: microseconds from here.
    static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // A text that is not sound would not come back from the database as it went there.
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The code of a row that is written.</summary>
    public byte[] Of(StateTable table, Guid id, int version, byte[] headHash, object?[] values)
    {
        var key = keyring.InUse(Purpose);
        return [checked((byte)key.Version), .. Compute(key, table, id, version, headHash, values)];
    }

    /// <summary>Whether a row that was read is as the service wrote it.</summary>
    internal bool Matches(StateRecord row, byte[] mac) =>
        mac.Length == 1 + HMACSHA256.HashSizeInBytes && keyring.Find(Purpose, mac[0]) is { } key
        && CryptographicOperations.FixedTimeEquals(
            mac.AsSpan(1), Compute(key, row.Table, row.Id, row.Version, row.HeadHash, row.Values));

    static byte[] Compute(VersionedKey key, StateTable table, Guid id, int version, byte[] headHash, object?[] values)
    {
        var bytes = new ArrayBufferWriter<byte>(1_024);
        Write(bytes, Strict.GetBytes(Domain));
        Write(bytes, Strict.GetBytes(table.Name));
        Write(bytes, Encryption.BytesOf(id));
        Write(bytes, BytesOf(version));
        Write(bytes, headHash);
        for (var i = 0; i < table.Columns.Count; i++)
        {
            Write(bytes, Strict.GetBytes(table.Columns[i].Name));
            // A byte for null or not, so that null is no empty value.
            bytes.Write([values[i] is null ? (byte)0 : (byte)1]);
            if (values[i] is { } value)
                Write(bytes, Canonical(table.Columns[i].Type, value));
        }
        return HMACSHA256.HashData(key.Secret, bytes.WrittenSpan);
    }

    /// <summary>A value as the same bytes before it is written and after it was read.</summary>
    internal static byte[] Canonical(NpgsqlDbType type, object value) => (type, value) switch
    {
        (NpgsqlDbType.Text, string text) => Strict.GetBytes(text),
        (NpgsqlDbType.Bytea, byte[] bytes) => bytes,
        (NpgsqlDbType.Boolean, bool yes) => [yes ? (byte)1 : (byte)0],
        (NpgsqlDbType.Smallint or NpgsqlDbType.Integer or NpgsqlDbType.Bigint, short number) => BytesOf(number),
        (NpgsqlDbType.Integer or NpgsqlDbType.Bigint, int number) => BytesOf(number),
        (NpgsqlDbType.Bigint, long number) => BytesOf(number),
        (NpgsqlDbType.Uuid, Guid id) => Encryption.BytesOf(id),
        (NpgsqlDbType.Date, DateOnly day) => BytesOf(day.DayNumber),
        (NpgsqlDbType.TimestampTz, DateTimeOffset at) => BytesOf((at.UtcTicks - Epoch.UtcTicks) / TimeSpan.TicksPerMicrosecond),
        _ => throw new NotSupportedException($"A column of type {type} of a state table takes no {value.GetType().Name}."),
    };

    static byte[] BytesOf(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }

    // Behind its length, so that no two rows have the same bytes.
    static void Write(ArrayBufferWriter<byte> bytes, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(sizeof(int)), part.Length);
        bytes.Advance(sizeof(int));
        bytes.Write(part);
    }
}
