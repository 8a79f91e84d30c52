using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Exchange.Requests.Tests;

/// <summary>Texts that must not be seen, searched for in every field of an answer by its descriptor.</summary>
static class Canaries
{
    /// <summary>The paths of the fields in which one of the canaries stands.</summary>
    public static IEnumerable<string> FoundIn(IMessage message, IReadOnlyCollection<string> canaries) =>
        Values(message, message.Descriptor.Name).Where(field => canaries.Any(canary =>
            field.Text.Contains(canary, StringComparison.OrdinalIgnoreCase))).Select(field => $"{field.Path}: {field.Text}");

    /// <summary>Every value in a message, as text; bytes also as hexadecimal digits.</summary>
    static IEnumerable<(string Path, string Text)> Values(IMessage message, string path)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var at = $"{path}.{field.Name}";
            foreach (var value in ValuesOf(field, message))
                foreach (var found in value is IMessage inner ? Values(inner, at) : [(at, Text(value))])
                    yield return found;
        }
    }

    static IEnumerable<object> ValuesOf(FieldDescriptor field, IMessage message) => field.Accessor.GetValue(message) switch
    {
        null => [],
        System.Collections.IEnumerable many when field.IsRepeated => many.Cast<object>(),
        var one => [one],
    };

    static string Text(object value) => value is ByteString bytes
        ? Encoding.Latin1.GetString(bytes.Span) + " " + Convert.ToHexStringLower(bytes.Span)
        : $"{value}";
}
