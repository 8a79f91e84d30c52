using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Exchange.System.Tests;

/// <summary>
/// The schemas of all kinds that the manifests use. Those of Kubernetes come from its published OpenAPI through two packages of a lock
/// file; those of the operators' kinds no package carries, so they stand in <c>custom.yaml</c>, written by us.
/// </summary>
sealed class Schemas
{
    static readonly string Folder = Path.Combine(Sources.Root, "tests/System.Tests/Manifests/Schemas");

    static readonly string[] OfEveryObject = ["apiVersion", "kind", "metadata"];

    readonly YamlMappingNode custom = (YamlMappingNode)Documents(File.ReadAllText(Path.Combine(Folder, "custom.yaml"))).Single();
    PublishedTypes types = null!;
    PublishedValues values = null!;

    public string Version => types.Version;

    /// <summary>Installs the packages, and reads of them what is asked for.</summary>
    public async Task Install()
    {
        var packages = await NodeClient.WithPackages(Path.Combine(Folder, "packages"), "artifacts/manifests/schemas");
        (types, values) = (new(packages), new(packages));
    }

    /// <summary>What is wrong with the objects of a rendered manifest.</summary>
    public IEnumerable<string> Faults(string manifest) => Documents(manifest).SelectMany(document =>
    {
        var (apiVersion, kind) = (Text(document, "apiVersion"), Text(document, "kind"));
        var place = $"{kind} {Text(document["metadata"], "name")}";
        if (Custom(apiVersion, kind) is { } ours)
            return ours.Faults(document, place);
        return types.Of(apiVersion, kind) is { } published
            ? published.Faults(document, place).Concat(values.Of(apiVersion, kind).Faults(document, place))
            : [$"{place}: nobody knows {apiVersion} {kind}"];
    });

    static IEnumerable<YamlNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Select(document => document.RootNode);
    }

    static string Text(YamlNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    Schema? Custom(string apiVersion, string kind) =>
        custom.Children.TryGetValue($"{apiVersion}/{kind}", out var spec)
            ? new Schema("object")
            {
                Fields = new Dictionary<string, Lazy<Schema>>
                {
                    ["apiVersion"] = new(() => new("string")),
                    ["kind"] = new(() => new("string")),
                    ["metadata"] = new(() => types.Of("V1ObjectMeta")),
                    ["spec"] = new(() => Read(spec)),
                },
                Required = [.. OfEveryObject, "spec"],
            }
            : null;

    /// <summary>The words are those of OpenAPI; a reference names a type of Kubernetes.</summary>
    Schema Read(YamlNode node)
    {
        var words = (YamlMappingNode)node;
        string? Word(string name) => words.Children.TryGetValue(name, out var value) ? ((YamlScalarNode)value).Value : null;
        IEnumerable<string> List(string name) =>
            words.Children.TryGetValue(name, out var list) ? ((YamlSequenceNode)list).Select(item => ((YamlScalarNode)item).Value!) : [];
        if (Word("$ref") is { } type)
            return types.Of(type);
        var fields = words.Children.TryGetValue("properties", out var properties) ? (YamlMappingNode)properties : [];
        return new(Word("type")!)
        {
            Fields = fields.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => new Lazy<Schema>(() => Read(pair.Value))),
            Required = [.. List("required")],
            Allowed = [.. List("enum")],
            Values = words.Children.TryGetValue("items", out var items) || words.Children.TryGetValue("additionalProperties", out items)
                ? new(() => Read(items))
                : null,
            Pattern = Word("pattern"),
            Minimum = Word("minimum") is { } minimum ? long.Parse(minimum, CultureInfo.InvariantCulture) : long.MinValue,
        };
    }
}
