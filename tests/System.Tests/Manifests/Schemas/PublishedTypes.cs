using System.Globalization;
using System.Text.RegularExpressions;

namespace Exchange.System.Tests;

/// <summary>
/// Fields, types and required fields of the kinds of Kubernetes, from its published OpenAPI. The package
/// <c>@kubernetes/client-node</c> is generated from that document: each type of it is a class there, with the names and types of its
/// fields in a table, and a declaration in which an optional field bears a question mark.
/// </summary>
sealed partial class PublishedTypes(string packages)
{
    readonly string generated = Path.Combine(packages, "node_modules/@kubernetes/client-node/dist/gen");
    readonly Dictionary<string, Schema> known = [];

    /// <summary>The version of Kubernetes whose document this is.</summary>
    public string Version => Release().Match(File.ReadAllText(Path.Combine(generated, "models/V1Deployment.js"))).Groups[1].Value;

    /// <summary>The type that the API server takes at the address of this kind; none where there is no such address.</summary>
    public Schema? Of(string apiVersion, string kind)
    {
        var parts = apiVersion.Split('/');
        var group = parts is [var named, _] ? named.Replace(".k8s.io", "", StringComparison.Ordinal) : "core";
        var api = Path.Combine(generated, "apis", string.Concat(group.Split('.').Append(parts[^1]).Select(Capital)) + "Api.js");
        if (!File.Exists(api))
            return null;
        var address = parts.Length == 2 ? $"/apis/{apiVersion}/" : $"/api/{apiVersion}/";
        var call = Regex.Match(File.ReadAllText(api),
            $@"async create(?:Namespaced)?{Regex.Escape(kind)}\(.*?localVarPath = '{Regex.Escape(address)}.*?serialize\(body, ""(\w+)""",
            RegexOptions.Singleline);
        return call.Success ? Of(call.Groups[1].Value) : null;
    }

    /// <summary>The type of this name in the package.</summary>
    public Schema Of(string type)
    {
        if (known.TryGetValue(type, out var schema))
            return schema;
        var path = Path.Combine(generated, "models", type);
        var fields = Field().Matches(File.ReadAllText(path + ".js")).Select(match => match.Groups).ToList();
        fields.ShouldNotBeEmpty(type);
        var required = RequiredField().Matches(File.ReadAllText(path + ".d.ts")).Select(match => match.Groups[1].Value).ToHashSet();
        return known[type] = new("object")
        {
            Fields = fields.ToDictionary(
                field => field["wire"].Value, field => new Lazy<Schema>(() => Read(field["type"].Value, field["format"].Value))),
            Required = [.. fields.Where(field => required.Contains(field["name"].Value)).Select(field => field["wire"].Value)],
        };
    }

    Schema Read(string type, string format) => type switch
    {
        "any" => Schema.Any,
        "string" or "boolean" => new(type),
        "Date" => new("string"),
        "IntOrString" => new("int-or-string"),
        "number" => format switch
        {
            "int32" => new("integer") { Minimum = int.MinValue, Maximum = int.MaxValue },
            "int64" => new("integer"),
            _ => new("number"),
        },
        _ when Array().Match(type) is { Success: true } array => new("array") { Values = new(() => Read(array.Groups[1].Value, format)) },
        _ when Map().Match(type) is { Success: true } map => new("object") { Values = new(() => Read(map.Groups[1].Value, format)) },
        _ => Of(type),
    };

    static string Capital(string word) => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..];

    [GeneratedRegex(@"OpenAPI spec version: release-([0-9]+\.[0-9]+)")]
    private static partial Regex Release();

    [GeneratedRegex("""\{\s*"name": "(?<name>[^"]+)",\s*"baseName": "(?<wire>[^"]+)",\s*"type": "(?<type>[^"]+)","""
        + """\s*"format": "(?<format>[^"]*)"\s*\}""")]
    private static partial Regex Field();

    [GeneratedRegex("^    '([^']+)':", RegexOptions.Multiline)]
    private static partial Regex RequiredField();

    [GeneratedRegex("^Array<(.+)>$")]
    private static partial Regex Array();

    [GeneratedRegex(@"^\{ \[key: string\]: (.+); \}$")]
    private static partial Regex Map();
}
