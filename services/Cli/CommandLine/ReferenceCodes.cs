using System.CommandLine.Completions;
using Exchange.Reference;

namespace Exchange.Cli;

/// <summary>Codes of the reference tables, for suggestions and explanations; the services judge by their own.</summary>
static class ReferenceCodes
{
    static readonly Lazy<ReferenceData> Tables = new(() => ReferenceData.Load());

    public static IReadOnlyList<string> Instruments => [.. Tables.Value.Instruments.Keys.Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Measures => [.. Tables.Value.Measures.Keys.Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Grounds => [.. Tables.Value.Grounds.Keys.Order(StringComparer.Ordinal)];

    public static IReadOnlyList<LetterRequirement> AskedFor(string instrument) =>
        Tables.Value.LetterRequirements.GetValueOrDefault(instrument) ?? [];

    public static IEnumerable<CompletionItem> Suggested(IEnumerable<string> codes) => codes.Select(code => new CompletionItem(code));
}
