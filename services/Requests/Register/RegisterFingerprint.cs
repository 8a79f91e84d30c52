using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Exchange.Platform;
using Exchange.Reference;

namespace Exchange.Requests;

/// <summary>
/// Tells an equal row from a changed one, and gives everything an import writes an id that a repeated import finds again.
/// The hashes are keyed: rows are few and alike, and a plain hash of a person could be guessed back. What a fingerprint tells whoever
/// has the database and no key: which rows of one import name the same subjects, or none.
/// </summary>
sealed class RegisterFingerprint(Keyring keyring)
{
    /// <summary>Of the keys in the keyring by which rows are recognised.</summary>
    public static readonly KeyPurpose Rows = new("register fingerprint");

    /// <summary>
    /// Of those that make the ids of imported requests. A newer version gives a request that is known under its reference no other id.
    /// </summary>
    public static readonly KeyPurpose Ids = new("imported request id");

    const int Half = 16;
    const int Length = 1 + Half + Half;

    /// <summary>
    /// A byte with the version of the key, a half that stands for the row, and one for its subjects in any order. Without a subjects file
    /// the known subjects stay, and so do their half and its key.
    /// </summary>
    public byte[] Of(RegisteredRequest request, byte[]? known) => request.Subjects is null && KeyOf(known) is { } key
        ? [(byte)key.Version, .. HalfOf(key, request.Request), .. known.AsSpan(1 + Half)]
        : Of(request, keyring.InUse(Rows.Name));

    /// <summary>Whether a row says what is known.</summary>
    public bool IsOf(RegisteredRequest request, byte[] known) => KeyOf(known) is { } key && HalfOf(key, request.Request)
        .SequenceEqual(known.AsSpan(1, Half)) && HasSubjectsOf(request, known);

    /// <summary>Whether a row names the subjects that are known; one without a subjects file does.</summary>
    public bool HasSubjectsOf(RegisteredRequest request, byte[] known) => request.Subjects is null
        || (KeyOf(known) is { } key && HalfOf(key, request.Subjects).SequenceEqual(known.AsSpan(1 + Half)));

    /// <summary>A UUID of version 7 in the time of the transmission, the same again for the same request.</summary>
    public Guid RequestId(RequestRow row)
    {
        var key = keyring.InUse(Ids.Name);
        var bytes = HMACSHA256.HashData(key.Secret, Canonical("request", [row.RequestingState, row.Reference])).AsSpan(0, 16);
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

    static byte[] Of(RegisteredRequest request, VersionedKey key) =>
        [checked((byte)key.Version), .. HalfOf(key, request.Request), .. HalfOf(key, request.Subjects ?? [])];

    static ReadOnlySpan<byte> HalfOf(VersionedKey key, RequestRow row) =>
        HMACSHA256.HashData(key.Secret, Canonical("row", Fields(row))).AsSpan(0, Half);

    static ReadOnlySpan<byte> HalfOf(VersionedKey key, IReadOnlyList<SubjectRow> subjects) =>
        HMACSHA256.HashData(key.Secret, Canonical("subjects", Fields(subjects))).AsSpan(0, Half);

    VersionedKey? KeyOf(byte[]? known) => known is { Length: Length } ? keyring.Find(Rows.Name, known[0]) : null;

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
