using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Exchange.Platform;
using Exchange.Reference;

namespace Exchange.Requests;

/// <summary>
/// Tells an equal row from a changed one, and gives everything an import writes an id that a repeated import finds again.
/// The hashes are keyed: rows are few and alike, and a plain hash of a person could be guessed back.
/// </summary>
/// <param name="hash">Keyed, 32 bytes.</param>
sealed class RegisterFingerprint(Func<byte[], byte[]> hash)
{
    const int Half = 16;

    /// <summary>
    /// The first half stands for the row, the second for its subjects in any order. Without a subjects file the known
    /// subjects stay, and so does their half.
    /// </summary>
    public byte[] Of(RegisteredRequest request, byte[]? known) =>
    [
        .. hash(Canonical("row", Fields(request.Request))).AsSpan(0, Half),
        .. request.Subjects is null && known is { Length: 2 * Half }
            ? known.AsSpan(Half)
            : hash(Canonical("subjects", Fields(request.Subjects ?? []))).AsSpan(0, Half),
    ];

    public static bool SameSubjects(byte[] one, byte[] other) => one.AsSpan(Half).SequenceEqual(other.AsSpan(Half));

    /// <summary>A UUID of version 7 in the time of the transmission, the same again for the same request.</summary>
    public Guid RequestId(RequestRow row)
    {
        var bytes = hash(Canonical("request", [row.RequestingState, row.Reference])).AsSpan(0, 16);
        var time = new DateTimeOffset(row.TransmittedOn.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds();
        Span<byte> stamp = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(stamp, Math.Max(time, 0));
        stamp[2..].CopyTo(bytes);
        return CommandIdentity.UuidFrom(bytes, 7);
    }

    /// <summary>The id of the command and its digest: the same try again is the same command.</summary>
    public static (Guid Id, byte[] Digest) Command((string State, string Reference) key, byte[] fingerprint, DateOnly observedUntil,
        int baseVersion)
    {
        string[] content = [key.State, key.Reference, Convert.ToHexString(fingerprint), observedUntil.ToIso(), $"{baseVersion}"];
        var digest = SHA256.HashData(Canonical("import", content));
        return (CommandIdentity.UuidFrom(digest, 8), digest);
    }

    static IEnumerable<string> Fields(RequestRow row) =>
    [
        row.Reference, row.CaseNumber, row.Instrument, row.RequestingState, row.RequestedState, row.RequestingAuthority,
        row.Offence, string.Join(';', row.Measures), $"{(int)row.Urgency}", row.TransmittedOn.ToIso(),
        row.AcknowledgedOn.ToIso(), row.SupplementRequestedOn.ToIso(),
        row.SupplementProvidedOn.ToIso(), row.RespondedOn.ToIso(), $"{(int)row.Outcome}", row.Ground,
    ];

    static IEnumerable<string> Fields(IReadOnlyList<SubjectRow> subjects) => subjects
        .Select(s => new[] { $"{(int)s.Role}", s.Name, s.BirthDate, s.DocumentNumber, s.Phone, s.VehiclePlate, s.Vin })
        .OrderBy(s => string.Join('\0', s), StringComparer.Ordinal)
        .SelectMany(s => s);

    // Each text behind its length, so that no two contents have the same bytes.
    static byte[] Canonical(string kind, IEnumerable<string> texts)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        foreach (var text in texts.Prepend(kind))
            writer.Write(text);
        writer.Flush();
        return bytes.ToArray();
    }
}
