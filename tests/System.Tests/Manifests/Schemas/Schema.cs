using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Exchange.System.Tests;

/// <summary>What a schema allows at one place of an object. What it does not name is refused.</summary>
/// <param name="Type">object, array, string, integer, number, boolean, int-or-string or any.</param>
sealed partial record Schema(string Type)
{
    public static readonly Schema Any = new("any");

    /// <summary>Fields by name; a schema is made when it is first asked for, since some hold themselves.</summary>
    public IReadOnlyDictionary<string, Lazy<Schema>> Fields { get; init; } = new Dictionary<string, Lazy<Schema>>();

    public IReadOnlyCollection<string> Required { get; init; } = [];

    /// <summary>The items of an array, or the values of an object whose keys are free.</summary>
    public Lazy<Schema>? Values { get; init; }

    /// <summary>The only values that are allowed; empty where all are.</summary>
    public IReadOnlyCollection<string> Allowed { get; init; } = [];

    public string? Pattern { get; init; }

    public long Minimum { get; init; } = long.MinValue;

    public long Maximum { get; init; } = long.MaxValue;

    /// <summary>Says nothing about fields that it does not name: it knows only some of what is allowed.</summary>
    public bool Partial { get; init; }

    /// <summary>What is wrong with the object, each with the place where.</summary>
    public IEnumerable<string> Faults(YamlNode node, string place) => (Type, node) switch
    {
        ("any", _) => [],
        ("object", YamlMappingNode map) => OfFields(map, place),
        ("array", YamlSequenceNode list) => list.SelectMany((item, index) => Values!.Value.Faults(item, $"{place}[{index}]")),
        (not ("object" or "array"), YamlScalarNode scalar) => OfValue(scalar, place),
        _ => [$"{place} is no {Type}"],
    };

    IEnumerable<string> OfFields(YamlMappingNode map, string place)
    {
        foreach (var (key, value) in map)
        {
            var name = ((YamlScalarNode)key).Value!;
            if ((Fields.GetValueOrDefault(name) ?? Values) is { } known)
                foreach (var fault in known.Value.Faults(value, $"{place}.{name}"))
                    yield return fault;
            else if (!Partial)
                yield return $"{place}.{name} is no field of it";
        }
        foreach (var name in Required.Where(name => !map.Children.ContainsKey(name)))
            yield return $"{place}.{name} is missing";
    }

    IEnumerable<string> OfValue(YamlScalarNode scalar, string place)
    {
        var value = scalar.Value!;
        var type = TypeOf(scalar);
        if (type != Type && (Type, type) is not ("number", "integer") and not ("int-or-string", "integer" or "string"))
            yield return $"{place} is {type}, not {Type}";
        else if (Allowed.Count > 0 && !Allowed.Contains(value))
            yield return $"{place} is {value}, not one of {string.Join(", ", Allowed)}";
        else if (Pattern is not null && !Regex.IsMatch(value, Pattern))
            yield return $"{place} is {value}, which does not match {Pattern}";
        else if (type == "integer"
            && !(long.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= Minimum && number <= Maximum))
        {
            yield return $"{place} is {value}, which is too small or too large";
        }
    }

    /// <summary>A quoted value is a string whatever it holds.</summary>
    static string TypeOf(YamlScalarNode scalar) => scalar.Style is not ScalarStyle.Plain ? "string" : scalar.Value switch
    {
        "true" or "false" => "boolean",
        "" or "~" or "null" => "null",
        { } value when Integer().IsMatch(value) => "integer",
        { } value when Number().IsMatch(value) => "number",
        _ => "string",
    };

    [GeneratedRegex("^[-+]?[0-9]+$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();
}
