namespace Exchange.System.Tests;

/// <summary>What must stand in the namespace beforehand: the table of k8s/secrets.md, by name.</summary>
sealed record Documented(string Text)
{
    readonly Dictionary<string, (string Kind, string[] Keys)> rows = Text.Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(
            cells => cells[1].Trim('`'),
            cells => (cells[2], cells[3].Split(", ").Select(key => key.Trim('`')).ToArray()));

    public string[] Names => [.. rows.Keys];

    public string[] Keys(string name) => rows.TryGetValue(name, out var row) && row.Keys is not ["any"] ? row.Keys : [];

    public bool Has(string kind, string name, string? key) =>
        rows.TryGetValue(name, out var row) && row.Kind == kind && (key is null || row.Keys is ["any"] || row.Keys.Contains(key));
}
