using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;

namespace Exchange.Contracts;

/// <summary>
/// JSON of the events: records as camel case, protobuf messages within them by protobuf's own mapping, so that any
/// language reads them with its own library.
/// </summary>
public static class ContractJson
{
    /// <summary>Ready to use, read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>Teaches other options protobuf's mapping; names and the rest stay as they are there.</summary>
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

        // A field this version does not know comes from a newer one: a rollout must not stop its consumers.
        static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
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
            writer.WriteRawValue(Formatter.Format(value), skipInputValidation: true);
    }
}
