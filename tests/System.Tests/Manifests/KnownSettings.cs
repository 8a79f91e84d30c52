using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Exchange.System.Tests;

/// <summary>
/// The configuration keys that one service understands, read from its options: every class with a constant
/// <c>Section</c>, in the service, in Platform and in the client library, and what stands in its appsettings.json.
/// </summary>
sealed record KnownSettings(
    string Service, IReadOnlySet<string> Keys, IReadOnlySet<string> Required, IReadOnlyDictionary<string, string> Defaults)
{
    static readonly string[] Services = ["requests", "tracking", "correlation"];

    // The runtime and the exporters read these by themselves; telemetry's names are OpenTelemetry's.
    static readonly string[] Foreign = ["OTEL_", "DOTNET_", "ASPNETCORE_"];

    // Platform has options that only some services bind, and connection strings have no options class.
    static readonly Dictionary<string, string[]> Binders = new()
    {
        ["ConnectionStrings:Database"] = Services,
        ["ConnectionStrings:DatabaseOwner"] = Services,
        ["ConnectionStrings:Broker"] = Services,
        ["ConnectionStrings:Keys"] = ["requests"],
        ["ConnectionStrings:KeysOwner"] = ["requests"],
        ["Requests:Address"] = ["tracking", "correlation"],
    };

    public bool Knows(string key) =>
        Foreign.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)) ||
        Keys.Contains(key) ||
        Keys.Any(known => known.EndsWith(':') && key.StartsWith(known, StringComparison.Ordinal));

    public static KnownSettings Of(string service)
    {
        var settings = Path.Combine(Sources.Root, "services", Folder(service), "appsettings.json");
        return From(service, Types(service), File.Exists(settings) ? File.ReadAllText(settings) : "{}");
    }

    /// <summary>Options whose section cannot be known here, since they have no constant for it.</summary>
    public static IEnumerable<string> WithoutSection(IEnumerable<Type> types) =>
        from type in types
        where type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetProperties().Any(property => property.CanWrite)
        where SectionOf(type) is null
        select type.Name;

    /// <summary>The types of the service, of Platform, and of the client library where the service uses it.</summary>
    public static IEnumerable<Type> Types(string service)
    {
        var name = "Exchange." + Folder(service);
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        // From the folder of the service, where the packages that a library needs are, too.
        var assemblies = new[] { name, "Exchange.Client" }
            .Select(assembly => Path.Combine(Sources.Root, "artifacts", "bin", name, configuration, assembly + ".dll"))
            .Where(File.Exists);
        return Assembly.Load("Exchange.Platform").GetTypes().Concat(assemblies.SelectMany(file => Assembly.LoadFrom(file).GetTypes()));
    }

    public static KnownSettings From(string service, IEnumerable<Type> types, string appsettings)
    {
        HashSet<string> keys = [.. KeysOf(JsonDocument.Parse(appsettings).RootElement, "")];
        HashSet<string> required = [.. Binders.Keys.Where(key => key.StartsWith("ConnectionStrings:", StringComparison.Ordinal))];
        Dictionary<string, string> defaults = [];
        foreach (var options in types)
        {
            if (SectionOf(options) is not { } section)
                continue;
            var instance = Activator.CreateInstance(options);
            foreach (var property in options.GetProperties().Where(property => property.CanWrite))
            {
                var key = $"{section}:{property.Name}";
                keys.Add(IsOneValue(property.PropertyType) ? key : key + ":");
                var usual = Convert.ToString(property.GetValue(instance), CultureInfo.InvariantCulture);
                if (!string.IsNullOrEmpty(usual))
                    defaults[key] = usual;
                else if (property.GetCustomAttribute<RequiredAttribute>() is not null)
                    required.Add(key);
            }
        }
        keys.UnionWith(required);
        keys.RemoveWhere(key => !IsBound(service, key));
        required.RemoveWhere(key => !IsBound(service, key));
        return new(service, keys, required, defaults);
    }

    static string Folder(string service) => char.ToUpperInvariant(service[0]) + service[1..];

    static string? SectionOf(Type type) =>
        type.GetField("Section", BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true } section
            ? (string?)section.GetRawConstantValue() : null;

    static bool IsBound(string service, string key) =>
        Binders.FirstOrDefault(binder => key.StartsWith(binder.Key, StringComparison.Ordinal)).Value?.Contains(service) ?? true;

    static bool IsOneValue(Type type) =>
        type == typeof(string) || (Nullable.GetUnderlyingType(type) ?? type).IsValueType || type == typeof(Uri);

    static IEnumerable<string> KeysOf(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => KeysOf(member.Value, path + ":" + member.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, index) => KeysOf(item, $"{path}:{index}")),
        _ => [path.TrimStart(':')],
    };
}
