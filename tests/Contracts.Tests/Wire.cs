using System.Reflection;
using Google.Protobuf.Reflection;

namespace Exchange.Contracts.Tests;

/// <summary>Our contracts as compiled: the descriptors, and the lines that others rely on.</summary>
static class Wire
{
    public static IReadOnlyList<FileDescriptor> Files { get; } =
    [
        .. from type in typeof(RequestChanged).Assembly.GetTypes()
           where type.Name.EndsWith("Reflection", StringComparison.Ordinal)
           let descriptor = type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as FileDescriptor
           where descriptor?.Package.StartsWith("exchange.", StringComparison.Ordinal) is true
           orderby descriptor.Name
           select descriptor,
    ];

    public static IEnumerable<MessageDescriptor> Messages => Files.SelectMany(file => file.MessageTypes).SelectMany(Within);

    public static IEnumerable<EnumDescriptor> Enums =>
        Files.SelectMany(file => file.EnumTypes).Concat(Messages.SelectMany(m => m.EnumTypes));

    /// <summary>One line per field, enum value and rpc; equal lines mean the same bytes and the same JSON.</summary>
    public static IEnumerable<string> Lines =>
    [
        .. from message in Messages from it in message.Fields.InFieldNumberOrder() select Line(it),
        .. from type in Enums from value in type.Values select $"enum {type.FullName} {value.Number} {value.Name}",
        .. from service in Files.SelectMany(file => file.Services) from method in service.Methods select Line(method),
    ];

    static string Line(FieldDescriptor field) =>
        $"field {field.ContainingType.FullName} {field.FieldNumber} {field.JsonName} {Label(field)}{TypeOf(field)}"
        + (field.RealContainingOneof is { } oneof ? $" in {oneof.Name}" : "");

    static string Line(MethodDescriptor method) => $"rpc {method.FullName}"
        + $" ({(method.IsClientStreaming ? "stream " : "")}{method.InputType.FullName})"
        + $" returns ({(method.IsServerStreaming ? "stream " : "")}{method.OutputType.FullName})";

    static string Label(FieldDescriptor field) =>
        field.IsMap ? "map "
        : field.IsRepeated ? "repeated "
        : field.HasPresence && field.FieldType != FieldType.Message ? "optional "
        : "";

    static string TypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.FullName,
        FieldType.Enum => field.EnumType.FullName,
        var scalar => scalar.ToString().ToLowerInvariant(),
    };

    static IEnumerable<MessageDescriptor> Within(MessageDescriptor message) => message.NestedTypes.SelectMany(Within).Prepend(message);
}
