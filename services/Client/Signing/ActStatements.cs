using System.Security.Cryptography;
using System.Text;
using Exchange.Contracts;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Exchange.Client;

/// <summary>
/// Takes an act apart into the statement that is signed and kept in clear, and the openings of the texts that it commits to; and puts it
/// together again. Which fields are texts, the contract says (option <c>free_text</c>), and nothing here.
/// </summary>
public static class ActStatements
{
    /// <summary>Length of a salt in bytes.</summary>
    public const int SaltLength = 32;

    /// <summary>Takes an act apart, with fresh salts.</summary>
    /// <param name="commitmentOf">The commitment to a document that the act hands over, by its resource name.</param>
    public static (ActStatement Statement, IReadOnlyList<Opening> Openings) Split(Act act, Func<string, ByteString> commitmentOf)
    {
        List<Opening> openings = [];
        var statement = StatementOf(act, (part, content) =>
        {
            openings.Add(new() { Part = part, Salt = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(SaltLength)), Content = content });
            return openings[^1];
        }, commitmentOf);
        return (statement, openings);
    }

    /// <summary>The statement that these openings make of an act; null where they are not the openings of its texts.</summary>
    /// <param name="commitmentOf">As for <see cref="Split"/>.</param>
    public static ActStatement? Of(Act act, IReadOnlyCollection<Opening> openings, Func<string, ByteString> commitmentOf)
    {
        var byPart = openings.DistinctBy(opening => opening.Part).ToDictionary(opening => opening.Part);
        var (used, fits) = (0, true);
        var statement = StatementOf(act, (part, content) =>
        {
            used++;
            if (byPart.GetValueOrDefault(part) is { Salt.Length: SaltLength } opening)
                return opening;
            fits = false;
            return new Opening { Part = part, Content = content };
        }, commitmentOf);
        return fits && used == openings.Count && byPart.Values.All(opening => Says(act, opening)) ? statement : null;
    }

    /// <summary>The act that a statement and openings make; texts whose openings are not among them stay empty.</summary>
    public static Act Join(ActStatement statement, IEnumerable<Opening> openings)
    {
        var act = statement.Act?.Clone() ?? new();
        foreach (var opening in openings)
            if (Find(act, opening.Part) is var (owner, field) && field.FieldType is FieldType.String)
                field.Accessor.SetValue(owner, opening.Content.ToStringUtf8());
        return act;
    }

    /// <summary>The commitment to bytes under a salt.</summary>
    public static byte[] Commit(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> content)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(salt);
        sha256.AppendData(content);
        return sha256.GetHashAndReset();
    }

    /// <summary>The documents that an act hands over.</summary>
    public static IReadOnlyList<string> Documents(this Act act) => act.StepCase switch
    {
        Act.StepOneofCase.RequestSupplement => act.RequestSupplement.Documents,
        Act.StepOneofCase.ProvideSupplement => act.ProvideSupplement.Documents,
        Act.StepOneofCase.Answer => act.Answer.Evidence,
        _ => [],
    };

    static ActStatement StatementOf(Act act, Func<string, ByteString, Opening> open, Func<string, ByteString> commitmentOf)
    {
        var statement = new ActStatement { Act = act.Clone() };
        foreach (var (owner, field, part) in Texts(statement.Act, "").ToList())
        {
            var opening = open(part, ContentOf(field.Accessor.GetValue(owner)));
            statement.Commitments.Add(new Commitment
            {
                Part = part, Hash = ByteString.CopyFrom(Commit(opening.Salt.Span, opening.Content.Span)),
            });
            field.Accessor.Clear(owner);
        }
        statement.Documents.Add(act.Documents().Select(document =>
            new DocumentCommitment { Document = document, Commitment = commitmentOf(document) }));
        return statement;
    }

    /// <summary>The texts of a message that are not empty, in the order of the fields' numbers.</summary>
    static IEnumerable<(IMessage Owner, FieldDescriptor Field, string Part)> Texts(IMessage message, string path)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsFreeText())
            {
                if (value is IMessage or string { Length: > 0 })
                    yield return (message, field, path + field.Name);
            }
            else if (value is IMessage inner)
            {
                foreach (var text in Texts(inner, $"{path}{field.Name}."))
                    yield return text;
            }
            else if (field is { FieldType: FieldType.Message, IsRepeated: true } && value is System.Collections.IList list)
            {
                for (var i = 0; i < list.Count; i++)
                    foreach (var text in Texts((IMessage)list[i]!, $"{path}{field.Name}[{i}]."))
                        yield return text;
            }
        }
    }

    static (IMessage Owner, FieldDescriptor Field)? Find(Act act, string part)
    {
        // The text itself is empty in a statement, so what leads to it is followed by its names.
        IMessage owner = act;
        var names = part.Split('.');
        for (var i = 0; ; i++)
        {
            if (owner.Descriptor.FindFieldByName(names[i]) is not { IsRepeated: false } field)
                return null;
            if (i == names.Length - 1)
                return field.IsFreeText() ? (owner, field) : null;
            if (field.Accessor.GetValue(owner) is not IMessage next)
                return null;
            owner = next;
        }
    }

    /// <summary>Whether the opening says what the act says there; a message may be serialised in more than one way.</summary>
    static bool Says(Act act, Opening opening)
    {
        var (owner, field, _) = Texts(act, "").Single(text => text.Part == opening.Part);
        var value = field.Accessor.GetValue(owner);
        try
        {
            return value is IMessage message
                ? message.Descriptor.Parser.ParseFrom(opening.Content).Equals(message)
                : opening.Content.Equals(ContentOf(value));
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    static ByteString ContentOf(object value) => value is IMessage message ? message.ToByteString()
        : ByteString.CopyFrom((string)value, Encoding.UTF8);
}
