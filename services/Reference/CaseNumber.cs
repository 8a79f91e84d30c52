using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Exchange.Reference;

/// <summary>
/// Case numbers as clerks write them and as they are compared. Blanks, lower case, another hyphen or a character of another width make
/// no other case: a restriction would not hold that a blank escapes. Letters of other scripts that only look alike stay different.
/// </summary>
public static class CaseNumber
{
    const char Hyphen = '-';

    // Drawn as a hyphen, and not of Unicode's class of dashes.
    static readonly FrozenSet<Rune> OtherHyphens =
        new[] { '\u00AD', '\u02D7', '\u2043', '\u2212' }.Select(c => new Rune(c)).ToFrozenSet();

    // The runtime normalises nothing where it has no cultures (InvariantGlobalization), and so by this table of Unicode's.
    static readonly Lazy<FrozenDictionary<Rune, Rune[]>> Decompositions = new(Read);

    /// <summary>
    /// The form in which a number is compared and looked up: decomposed by compatibility (NFKD of Unicode 14; two texts have the same NFKC
    /// exactly when they have the same NFKD), in upper case, without blanks, control and format characters, every hyphen, dash and minus as
    /// one <c>-</c>. The normal form of a normal form is itself. Empty where nothing is left, which is no number.
    /// </summary>
    /// <param name="written">As somebody wrote it.</param>
    public static string Normalise(string written)
    {
        var decomposed = new StringBuilder(written.Length);
        foreach (var rune in written.EnumerateRunes())
        {
            if (!rune.IsAscii && Decompositions.Value.TryGetValue(rune, out var parts))
                foreach (var part in parts)
                    decomposed.Append(part);
            else
                decomposed.Append(rune);
        }
        List<Rune> normal = [];
        foreach (var rune in decomposed.ToString().ToUpperInvariant().EnumerateRunes())
            Add(normal, rune);
        return string.Concat(normal);
    }

    /// <summary>Whether two texts write the same number.</summary>
    public static bool Same(string one, string other) => Normalise(one) == Normalise(other);

    static void Add(List<Rune> normal, Rune rune)
    {
        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.DashPunctuation:
            case var _ when OtherHyphens.Contains(rune):
                if (normal.Count == 0 || normal[^1].Value != Hyphen)
                    normal.Add(new(Hyphen));
                break;
            case UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Control or UnicodeCategory.Format:
                break;
            case UnicodeCategory.NonSpacingMark:
                // Marks on one letter have no order of their own that would tell two numbers apart.
                var at = normal.Count;
                while (at > 0 && Rune.GetUnicodeCategory(normal[at - 1]) == UnicodeCategory.NonSpacingMark && normal[at - 1] > rune)
                    at--;
                normal.Insert(at, rune);
                break;
            default:
                normal.Add(rune);
                break;
        }
    }

    static FrozenDictionary<Rune, Rune[]> Read()
    {
        using var table = new StreamReader(
            typeof(CaseNumber).Assembly.GetManifestResourceStream("Tables/compatibility-decompositions.csv")!);
        Dictionary<Rune, Rune[]> decompositions = [];
        table.ReadLine();
        while (table.ReadLine() is { } line)
        {
            var columns = line.Split(',');
            decompositions.Add(RuneOf(columns[0]), [.. columns[1].Split(' ').Select(RuneOf)]);
        }
        return decompositions.ToFrozenDictionary();

        static Rune RuneOf(string hex) => new(int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }
}
