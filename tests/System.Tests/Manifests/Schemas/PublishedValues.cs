using System.Text.RegularExpressions;

namespace Exchange.System.Tests;

/// <summary>
/// The values allowed in the fields that have only a few, from the OpenAPI of Kubernetes 1.27 that lists them; the document of the
/// newest version leaves them to its prose. The package <c>kubernetes-models</c> is generated from it and holds an interface for
/// each type, with such a field as a union of literals. Nothing else is taken from there.
/// </summary>
sealed partial class PublishedValues(string packages)
{
    readonly string modules = Path.Combine(packages, "node_modules");
    readonly Dictionary<string, Schema> known = [];

    /// <summary>Knows nothing of kinds that are younger than its document.</summary>
    public Schema Of(string apiVersion, string kind) => Of(Path.Combine(modules, "kubernetes-models", apiVersion, kind));

    Schema Of(string path)
    {
        if (known.TryGetValue(path, out var schema))
            return schema;
        var declaration = path + ".d.ts";
        if (!File.Exists(declaration))
            return Schema.Any;
        var text = File.ReadAllText(declaration);
        // Quantities and the like are no types with fields.
        if (!Interface().IsMatch(text))
            return Schema.Any;
        var imports = Import().Matches(text).ToDictionary(
            match => match.Groups[1].Value,
            match => match.Groups[2].Value is ['.', ..] near
                ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, near))
                : Path.Combine(modules, match.Groups[2].Value));
        return known[path] = new("object")
        {
            Partial = true,
            Fields = Field().Matches(Interface().Match(text).Value).ToDictionary(
                field => field.Groups[1].Value, field => new Lazy<Schema>(() => Read(field.Groups[2].Value, imports))),
        };
    }

    Schema Read(string type, Dictionary<string, string> imports) => type switch
    {
        _ when imports.TryGetValue(type, out var path) => Of(path),
        _ when Array().Match(type) is { Success: true } array => new("array") { Values = new(() => Read(array.Groups[1].Value, imports)) },
        _ when Literals().IsMatch(type) => new("string") { Allowed = [.. type.Split(" | ").Select(literal => literal.Trim('"'))] },
        _ => Schema.Any,
    };

    [GeneratedRegex("""^import \{ (\w+) \} from "([^"]+)";$""", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"^export interface .*?^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Interface();

    [GeneratedRegex("""^    "([^"]+)"\??: (.+);$""", RegexOptions.Multiline)]
    private static partial Regex Field();

    [GeneratedRegex("^Array<(.+)>$")]
    private static partial Regex Array();

    [GeneratedRegex("""^"[^"]*"( \| "[^"]*")*$""")]
    private static partial Regex Literals();
}
