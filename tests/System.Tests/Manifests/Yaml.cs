using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Exchange.System.Tests;

/// <summary>A place in a YAML document. A step to nowhere gives an empty place, so that checks report what is missing.</summary>
readonly record struct Yaml(object? Value)
{
    public Yaml this[string key] =>
        Value is Dictionary<object, object?> map && map.TryGetValue(key, out var value) ? new(value) : default;

    public bool Exists => Value is not null;

    public string Text => Convert.ToString(Value, CultureInfo.InvariantCulture) ?? "";

    public IEnumerable<Yaml> Items => Value is List<object?> list ? list.Select(item => new Yaml(item)) : [];

    public IEnumerable<(string Key, Yaml Value)> Pairs =>
        Value is Dictionary<object, object?> map ? map.Select(pair => ((string)pair.Key, new Yaml(pair.Value))) : [];

    /// <summary>This place and every place below it.</summary>
    public IEnumerable<Yaml> All =>
        [this, .. Items.SelectMany(item => item.All), .. Pairs.SelectMany(pair => pair.Value.All)];

    public static List<Yaml> Documents(string text)
    {
        var parser = new MergingParser(new Parser(new StringReader(text)));
        var deserializer = new DeserializerBuilder().Build();
        List<Yaml> documents = [];
        parser.Consume<StreamStart>();
        while (!parser.TryConsume<StreamEnd>(out _))
            documents.Add(new(deserializer.Deserialize<object?>(parser)));
        return documents;
    }
}
