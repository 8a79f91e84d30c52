using System.Text.RegularExpressions;

namespace Exchange.Contracts.Tests;

/// <summary>A .proto file as text: comments do not survive in the generated descriptors.</summary>
sealed partial class ProtoFile(string name, string text)
{
    public string Name { get; } = name;

    public IEnumerable<string> Imports => Import().Matches(text).Select(match => match.Groups["file"].Value);

    /// <summary>Every declaration that a reader needs explained, and whether a comment stands right above it.</summary>
    public IEnumerable<(string Declaration, bool Documented)> Declarations
    {
        get
        {
            var above = "";
            foreach (var line in text.Split('\n').Select(line => line.Trim()))
            {
                if (Declaration().IsMatch(line))
                    yield return (line, above.StartsWith("//", StringComparison.Ordinal) && above.Length > 4);
                above = line;
            }
        }
    }

    // The zero value of an enum means the same everywhere (AIP-126) and needs no words.
    public IEnumerable<string> Undocumented =>
        from declaration in Declarations
        where !declaration.Documented && !declaration.Declaration.EndsWith("_UNSPECIFIED = 0;", StringComparison.Ordinal)
        select $"{Name}: {declaration.Declaration}";

    [GeneratedRegex("""^import\s+(public\s+|weak\s+)?"(?<file>[^"]+)";""", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"^((message|enum|service|oneof)\s+\w+\s*\{|rpc\s+\w+\s*\("
        + @"|((repeated|optional)\s+)?[\w.]+(<[^>]*>)?\s+\w+\s*=\s*\d+|[A-Z][A-Z0-9_]*\s*=\s*\d+)")]
    private static partial Regex Declaration();
}
