using System.Net.Mime;
using System.Text.Json;
using MassTransit;

namespace Exchange.Platform;

/// <summary>
/// A message as it stands on the wire: MassTransit's envelope in JSON, written by us so that the bytes of the message are those that were
/// signed. Beside the message stand its id, its type, and the proof with the certificate; all of it is in the body, so that whoever keeps
/// the body, as a queue, the dead letters or the table <c>parked</c> do, keeps what shows who said it.
/// </summary>
/// <param name="Id">The message's id.</param>
/// <param name="Message">The bytes of the message, JSON.</param>
/// <param name="Proof">As <see cref="GroupProof"/> writes it; null where none came along.</param>
/// <param name="Certificate">Whose key is said to have signed, DER; null where none came along.</param>
sealed record SignedEnvelope(Guid Id, ReadOnlyMemory<byte> Message, byte[]? Proof, byte[]? Certificate)
{
    const string IdName = "messageId";
    const string MessageName = "message";
    const string ProofName = "proof";
    const string CertificateName = "certificate";

    /// <summary>Writes the envelope of a message that has its proof.</summary>
    /// <param name="type">Of the contract, by which consumers find it.</param>
    /// <exception cref="InvalidOperationException">The message was not signed.</exception>
    public static byte[] Write(OutboxMessage message, Type type)
    {
        var proof = message.Proof ?? throw new InvalidOperationException($"Message {message.Id} was not signed.");
        using var written = new MemoryStream(message.Body.Length + proof.Bytes.Length + proof.Certificate.Length * 2 + 512);
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WriteString(IdName, message.Id);
            json.WriteStartArray("messageType");
            json.WriteStringValue(MessageUrn.ForTypeString(type));
            json.WriteEndArray();
            json.WritePropertyName(MessageName);
            json.WriteRawValue(message.Body, skipInputValidation: true);
            json.WriteBase64String(ProofName, proof.Bytes);
            json.WriteBase64String(CertificateName, proof.Certificate);
            json.WriteEndObject();
        }
        return written.ToArray();
    }

    /// <summary>Reads what somebody sent. Where a name stands twice, the last one counts.</summary>
    /// <exception cref="JsonException">It is no message at all.</exception>
    public static SignedEnvelope Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return ReadObject(body);
        }
        catch (InvalidOperationException e)
        {
            // Of a text that is no Unicode, such as half of a surrogate pair.
            throw new JsonException("The message holds a text that cannot be read.", e);
        }
    }

    static SignedEnvelope ReadObject(ReadOnlyMemory<byte> body)
    {
        var json = new Utf8JsonReader(body.Span);
        if (!json.Read() || json.TokenType is not JsonTokenType.StartObject)
            throw new JsonException("The message is no JSON object.");
        var (id, message, proof, certificate) = (Guid.Empty, (ReadOnlyMemory<byte>?)null, (byte[]?)null, (byte[]?)null);
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            json.Read();
            var text = json.TokenType is JsonTokenType.String;
            switch (name)
            {
                case IdName when text:
                    id = json.TryGetGuid(out var known) ? known : Guid.Empty;
                    break;
                case ProofName when text:
                    proof = json.TryGetBytesFromBase64(out var bytes) ? bytes : null;
                    break;
                case CertificateName when text:
                    certificate = json.TryGetBytesFromBase64(out var der) ? der : null;
                    break;
                case MessageName:
                    var start = (int)json.TokenStartIndex;
                    json.Skip();
                    message = body[start..(int)json.BytesConsumed];
                    break;
                default:
                    json.Skip();
                    break;
            }
        }
        while (json.Read())
        {
        }
        return new(id, message ?? throw new JsonException("There is no message in it."), proof, certificate);
    }
}

/// <summary>Gives MassTransit the envelope of a message that was serialised when it was committed.</summary>
sealed class SignedEnvelopeSerializer(OutboxMessage message) : IMessageSerializer
{
    public ContentType ContentType { get; } = new("application/vnd.masstransit+json");

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class => new BytesMessageBody(SignedEnvelope.Write(message, typeof(T)));
}
