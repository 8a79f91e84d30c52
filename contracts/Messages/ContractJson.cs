using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Exchange.Contracts;

/// <summary>
/// JSON of the events: records as camel case, protobuf messages within them by protobuf's own mapping, so that any
/// language reads them with its own library.
/// </summary>
public static class ContractJson
{
    /// <summary>The options that events are read and written with; they are read-only, so that nobody changes them for all.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>Adds protobuf's mapping of messages to other options, whose names and other settings stay as they are.</summary>
    /// <returns>The same options.</returns>
    public static JsonSerializerOptions AddTo(JsonSerializerOptions options)
    {
        options.Converters.Add(new MessageConverters());
        return options;
    }

    static JsonSerializerOptions Make()
    {
        var options = AddTo(new(JsonSerializerDefaults.Web));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    sealed class MessageConverters : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeof(IMessage).IsAssignableFrom(typeToConvert) && typeToConvert.IsClass;

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(MessageConverter<>).MakeGenericType(typeToConvert))!;
    }

    sealed class MessageConverter<T> : JsonConverter<T> where T : IMessage, new()
    {
        static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);

        static readonly MessageDescriptor Descriptor = new T().Descriptor;

        // A field this version does not know comes from a newer one: a rollout must not stop its consumers.
        static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            RefuseUnknownEnumValues(document.RootElement, Descriptor);
            try
            {
                return Parser.Parse<T>(document.RootElement.GetRawText());
            }
            catch (InvalidProtocolBufferException e)
            {
                throw new JsonException($"Not a {typeof(T).Name}.", e);
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteRawValue(Formatter.Format(FreeTexts.WithoutAny(value)), skipInputValidation: true);
    }

    // A parser that ignores unknown fields reads an unknown value of a known enum as if it were not there. A status read as
    // "unspecified" would falsify figures; refused, the message waits for the upgrade.
    static void RefuseUnknownEnumValues(JsonElement message, MessageDescriptor descriptor)
    {
        if (message.ValueKind is not JsonValueKind.Object)
            return;
        foreach (var field in descriptor.Fields.InFieldNumberOrder())
        {
            if (field.FieldType is not (FieldType.Enum or FieldType.Message)
                || !(message.TryGetProperty(field.JsonName, out var value) || message.TryGetProperty(field.Name, out value)))
                continue;
            foreach (var one in Values(value, field))
                RefuseUnknownEnumValue(one, field.IsMap ? field.MessageType.FindFieldByNumber(2) : field);
        }
    }

    static void RefuseUnknownEnumValue(JsonElement value, FieldDescriptor field)
    {
        if (field.FieldType is FieldType.Message)
            RefuseUnknownEnumValues(value, field.MessageType);
        else if (field.FieldType is FieldType.Enum && value.ValueKind is JsonValueKind.String
            && field.EnumType.FindValueByName(value.GetString()) is null)
        {
            throw new JsonException($"{field.FullName} has a value that this version does not know.");
        }
    }

    static IEnumerable<JsonElement> Values(JsonElement value, FieldDescriptor field) =>
        field.IsMap && value.ValueKind is JsonValueKind.Object ? value.EnumerateObject().Select(entry => entry.Value)
        : field.IsRepeated && value.ValueKind is JsonValueKind.Array ? value.EnumerateArray()
        : [value];
}
