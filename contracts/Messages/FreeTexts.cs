using System.Collections;
using System.Collections.Concurrent;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Exchange.Contracts;

/// <summary>
/// Free text by its type: the fields that the contract marks with the option <c>free_text</c>. They are filled in memory and in answers,
/// and empty in whatever is stored or published, where their content is ciphertext.
/// </summary>
public static class FreeTexts
{
    // Of each kind of message, the fields that are free text or lead to one; most have none.
    static readonly ConcurrentDictionary<MessageDescriptor, (FieldDescriptor Field, bool IsText)[]> Leading = [];

    /// <summary>Whether a field is free text.</summary>
    public static bool IsFreeText(this FieldDescriptor field) => field.GetOptions()?.GetExtension(TextsExtensions.FreeText) is true;

    /// <summary>The first free text in a message that is not empty, at whatever depth; null where all are empty.</summary>
    public static FieldDescriptor? FindIn(IMessage message)
    {
        foreach (var (field, isText) in Leading.GetOrAdd(message.Descriptor, descriptor => [.. LeadingIn(descriptor)]))
        {
            var value = field.Accessor.GetValue(message);
            if (isText && value is not (null or "" or ByteString { IsEmpty: true } or IList { Count: 0 }))
                return field;
            if (!isText && InnerOf(value).Select(FindIn).FirstOrDefault(found => found is not null) is { } inner)
                return inner;
        }
        return null;
    }

    /// <summary>Returns the message where it may be stored or published.</summary>
    /// <exception cref="InvalidOperationException">It holds free text; the message names the field.</exception>
    public static T WithoutAny<T>(T message)
        where T : IMessage => FindIn(message) is { } field
        ? throw new InvalidOperationException($"{field.FullName} is free text and must be empty in what is stored or published.")
        : message;

    static IEnumerable<IMessage> InnerOf(object? value) => value switch
    {
        IMessage one => [one],
        IList many => many.Cast<IMessage>(),
        _ => [],
    };

    static IEnumerable<(FieldDescriptor Field, bool IsText)> LeadingIn(MessageDescriptor message)
    {
        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            var isText = field.IsFreeText();
            if (isText || (field.FieldType is FieldType.Message && !field.IsMap && Holds(field.MessageType, [])))
                yield return (field, isText);
        }
    }

    static bool Holds(MessageDescriptor message, HashSet<MessageDescriptor> seen) => seen.Add(message)
        && message.Fields.InFieldNumberOrder().Any(field => field.IsFreeText()
            || (field.FieldType is FieldType.Message && !field.IsMap && Holds(field.MessageType, seen)));
}
