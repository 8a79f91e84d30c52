using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Exchange.Platform;

/// <summary>A key that notes are signed with: C2SP signed-note.</summary>
/// <param name="Name">Who signs, without blanks and without a plus sign, such as <c>exchange/requests</c>.</param>
/// <param name="Algorithm">0x01 for Ed25519, 0x02 for ECDSA with SHA-256.</param>
/// <param name="PublicKey">Ed25519: the 32 bytes of the key. ECDSA: the key as SubjectPublicKeyInfo, DER.</param>
public sealed record NoteKey(string Name, byte Algorithm, byte[] PublicKey)
{
    /// <summary>Ed25519, which every verifier of notes knows.</summary>
    public const byte Ed25519 = 1;

    /// <summary>ECDSA with SHA-256, signatures as ASN.1 DER.</summary>
    public const byte Ecdsa = 2;

    /// <summary>
    /// The first four bytes of a hash, by which a verifier finds the key: for ECDSA of the key alone, else of name, line feed, algorithm
    /// and key.
    /// </summary>
    public byte[] Id => SHA256.HashData(Algorithm == Ecdsa
        ? PublicKey
        : [.. Encoding.UTF8.GetBytes(Name), (byte)'\n', Algorithm, .. PublicKey])[..4];

    /// <summary>The key of a certificate.</summary>
    public static NoteKey OfCertificate(string name, X509Certificate2 certificate) =>
        new(name, Ecdsa, certificate.PublicKey.ExportSubjectPublicKeyInfo());

    /// <summary>The key as verifiers are told it: name, id in hexadecimal and key in base64, with plus signs between.</summary>
    public override string ToString() =>
        $"{Name}+{Convert.ToHexStringLower(Id)}+{Convert.ToBase64String([Algorithm, .. PublicKey])}";
}

/// <summary>A text with signatures below it, in the format C2SP signed-note, which Go's <c>sumdb/note</c> reads too.</summary>
public static class SignedNote
{
    // An em dash and a blank begin a line of a signature.
    const string Mark = "\u2014 ";

    /// <summary>Puts signatures under a text.</summary>
    /// <param name="text">Lines without control characters, each with a line feed at its end; none of them empty.</param>
    /// <param name="signers">Each key with what signs the text's bytes in UTF-8.</param>
    /// <exception cref="ArgumentException">The text could not be told from its signatures again.</exception>
    public static string Sign(string text, IEnumerable<(NoteKey Key, Func<byte[], byte[]> Sign)> signers)
    {
        if (!text.EndsWith('\n') || text.StartsWith('\n') || text.Contains("\n\n", StringComparison.Ordinal)
            || text.Any(c => char.IsControl(c) && c != '\n'))
            throw new ArgumentException("A note consists of lines that are not empty and end with a line feed.", nameof(text));
        var note = new StringBuilder(text).Append('\n');
        foreach (var (key, sign) in signers)
        {
            byte[] signature = [.. key.Id, .. sign(Encoding.UTF8.GetBytes(text))];
            note.Append(Mark).Append(key.Name).Append(' ').Append(Convert.ToBase64String(signature)).Append('\n');
        }
        return note.ToString();
    }

    /// <summary>The text of a note, and what each key is said to have signed it with; null where it is no note.</summary>
    public static (string Text, IReadOnlyList<(string Name, byte[] KeyId, byte[] Signature)> Signatures)? Read(string note)
    {
        if (note.LastIndexOf("\n\n", StringComparison.Ordinal) is var end && (end < 1 || !note.EndsWith('\n')))
            return null;
        List<(string, byte[], byte[])> signatures = [];
        foreach (var line in note[(end + 2)..].Split('\n')[..^1])
        {
            if (!line.StartsWith(Mark, StringComparison.Ordinal) || line[Mark.Length..].Split(' ') is not [{ Length: > 0 } name, var coded])
                return null;
            var bytes = new byte[coded.Length];
            if (!Convert.TryFromBase64String(coded, bytes, out var length) || length <= 4)
                return null;
            signatures.Add((name, bytes[..4], bytes[4..length]));
        }
        return signatures.Count > 0 ? (note[..(end + 1)], signatures) : null;
    }
}

/// <summary>A checkpoint of a log as text: C2SP tlog-checkpoint.</summary>
/// <param name="Origin">Which log it is of, on a line.</param>
/// <param name="Size">Leaves of the tree.</param>
/// <param name="Root">The tree's root, 32 bytes.</param>
public sealed record LogCheckpoint(string Origin, long Size, byte[] Root)
{
    /// <summary>Which journal a checkpoint is of: <c>exchange/STATE/SERVICE</c>, unique among all installations.</summary>
    public static string OriginOf(string state, string service) => $"exchange/{state}/{service}";

    /// <summary>The text that is signed, three lines.</summary>
    public override string ToString() => $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n";

    /// <summary>
    /// Reads the text of a checkpoint; lines that follow the third are extensions, which are ignored. Null where it is none.
    /// </summary>
    public static LogCheckpoint? Parse(string text)
    {
        if (text.Split('\n') is not [{ Length: > 0 } origin, var size, var root, ..] || !text.EndsWith('\n'))
            return null;
        var hash = new byte[root.Length];
        return long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var leaves)
            && (size[0] != '0' || size == "0")
            && Convert.TryFromBase64String(root, hash, out var length) && length == SHA256.HashSizeInBytes
            ? new(origin, leaves, hash[..length]) : null;
    }
}
