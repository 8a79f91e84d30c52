using Exchange.Requests.V1;
using Google.Protobuf.Reflection;

namespace Exchange.Cli;

/// <summary>What the contract says of each field of a letter, taken from the contract itself.</summary>
static class LetterContract
{
    public static IEnumerable<(string Field, string Words, string Meaning)> Fields()
    {
        var comments = Comments();
        return Of(Letter.Descriptor, "");

        IEnumerable<(string, string, string)> Of(MessageDescriptor message, string path) =>
            message.Fields.InDeclarationOrder().SelectMany(field =>
        {
            var name = path + field.Name + (field.IsRepeated ? "[]" : "");
            var self = (name, Words(field), comments[$"{message.Name}.{field.Name}"]);
            return field.FieldType == FieldType.Message ? Of(field.MessageType, name + ".").Prepend(self) : [self];
        });
    }

    static string Words(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Enum => string.Join(", ", field.EnumType.Values.Where(value => value.Number != 0).Select(value => value.Name)),
        FieldType.Bool => "true, false",
        _ => "",
    };

    // A descriptor carries no comments; the file beside it does: `// …` lines, then the field.
    static Dictionary<string, string> Comments()
    {
        using var contract = new StreamReader(typeof(LetterContract).Assembly.GetManifestResourceStream("letter.proto")!);
        Dictionary<string, string> found = [];
        List<string> comment = [];
        var message = "";
        while (contract.ReadLine()?.Trim() is { } line)
        {
            if (line.StartsWith("// ", StringComparison.Ordinal))
            {
                comment.Add(line[3..]);
                continue;
            }
            if (line.Split(' ') is ["message", var name, ..])
                message = name;
            else if (line.Split(" = ") is [var declared, _])
                found[$"{message}.{declared.Split(' ')[^1]}"] = string.Join(' ', comment);
            comment.Clear();
        }
        return found;
    }
}
