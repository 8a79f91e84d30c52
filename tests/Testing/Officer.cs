using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Exchange.Contracts;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;

namespace Exchange.Testing;

/// <summary>An officer who calls Requests: a persona's certificate, its key for signing, and the steps he takes.</summary>
public sealed class Officer : IDisposable
{
    readonly X509Certificate2 certificate;

    /// <param name="certificate">PEM files of the persona.</param>
    /// <param name="requests">A client of the system of record with that very certificate.</param>
    public Officer(string certificate, string key, RequestRegistry.RequestRegistryClient requests)
    {
        this.certificate = X509Certificate2.CreateFromPemFile(certificate, key);
        Requests = requests;
    }

    /// <summary>The client of Requests, with the officer's certificate.</summary>
    public RequestRegistry.RequestRegistryClient Requests { get; }

    /// <summary>Opens a draft.</summary>
    public async Task<MlaRequest> Draft(Exchange.Requests.V1.Letter letter, string supersedes = "") =>
        (await Requests.CreateDraftAsync(new() { Letter = letter, Supersedes = supersedes, CommandId = NewId() })).Request;

    /// <summary>Reads the request and takes a step on it as he sees it, signed.</summary>
    public async Task<MlaRequest> Take(string request, Action<Act> step, params IReadOnlyList<Document> documents) =>
        await Take(await Requests.GetRequestAsync(new() { Name = request }), step, documents);

    /// <summary>Takes a step on the request as he saw it, signed.</summary>
    /// <param name="documents">Those that it hands over, in its order.</param>
    public async Task<MlaRequest> Take(MlaRequest seen, Action<Act> step, params IReadOnlyList<Document> documents)
    {
        var act = new Act { Request = seen.Name, Etag = seen.Etag, CommandId = NewId() };
        step(act);
        return (await Requests.TakeStepAsync(Signed(act, documents))).Request;
    }

    /// <summary>Approves the letter as it stands.</summary>
    public async Task<MlaRequest> Approve(string request)
    {
        var letter = await Requests.GetLetterAsync(new() { Name = request });
        return await Take(request, act => act.Approve = new() { LetterHash = letter.LetterHash });
    }

    /// <summary>Transmits the letter as it stands.</summary>
    public async Task<MlaRequest> Transmit(string request, Channel channel = Channel.OnExchange, string postedOn = "")
    {
        var letter = await Requests.GetLetterAsync(new() { Name = request });
        return await Take(request, act => act.Transmit = new() { LetterHash = letter.LetterHash, Channel = channel, PostedOn = postedOn });
    }

    /// <summary>The act with the officer's signature over its statement, as <c>TakeStep</c> takes it.</summary>
    public TakeStepRequest Signed(Act act, params IReadOnlyList<Document> documents) => Sign(act, certificate, documents);

    /// <summary>Signs an act as the contract says, without a line of the product's.</summary>
    /// <param name="documents">Those that the act hands over, in its order.</param>
    public static TakeStepRequest Sign(Act act, X509Certificate2 certificate, params IReadOnlyList<Document> documents)
    {
        var step = new TakeStepRequest { Act = act };
        var statement = new ActStatement { Act = act.Clone() };
        LeaveOutTexts(statement.Act, "", (part, text) =>
        {
            var salt = RandomNumberGenerator.GetBytes(32);
            statement.Commitments.Add(new Commitment { Part = part, Hash = ByteString.CopyFrom(SHA256.HashData([.. salt, .. text])) });
            step.Openings.Add(new Opening { Part = part, Salt = ByteString.CopyFrom(salt), Content = ByteString.CopyFrom(text) });
        });
        statement.Documents.Add(documents.Select(document =>
            new DocumentCommitment { Document = document.Name, Commitment = document.Commitment }));
        step.Signature = SignatureOver(statement, certificate);
        return step;
    }

    static Signature SignatureOver(IMessage said, X509Certificate2 certificate)
    {
        byte[] content = [2, .. said.ToByteArray()];
        using var key = certificate.GetECDsaPrivateKey()!;
        return new()
        {
            Content = ByteString.CopyFrom(content), Algorithm = "ES256", Certificate = ByteString.CopyFrom(certificate.RawData),
            Value = ByteString.CopyFrom(key.SignData(content, HashAlgorithmName.SHA256)),
        };
    }

    static void LeaveOutTexts(IMessage message, string path, Action<string, byte[]> leftOut)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsFreeText())
            {
                if (value is IMessage or string { Length: > 0 })
                    leftOut(path + field.Name, value is IMessage said ? said.ToByteArray() : Encoding.UTF8.GetBytes((string)value));
                field.Accessor.Clear(message);
            }
            else if (field.IsRepeated && value is IEnumerable<IMessage> list)
            {
                foreach (var (i, one) in list.Index())
                    LeaveOutTexts(one, $"{path}{field.Name}[{i}].", leftOut);
            }
            else if (value is IMessage inner)
            {
                LeaveOutTexts(inner, $"{path}{field.Name}.", leftOut);
            }
        }
    }

    /// <summary>Signs a rung as the contract says, without a line of the product's.</summary>
    /// <returns>The same question, with salt and signature.</returns>
    public static TakeRungRequest SignRung(TakeRungRequest question, X509Certificate2 certificate)
    {
        var salt = RandomNumberGenerator.GetBytes(32);
        var act = new RungAct
        {
            Partner = question.Partner, Rung = question.Rung, Requests = { question.Requests }, CommandId = question.CommandId,
            LetterCommitment = ByteString.CopyFrom(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(question.Letter)])),
        };
        var signed = question.Clone();
        (signed.LetterSalt, signed.Signature) = (ByteString.CopyFrom(salt), SignatureOver(act, certificate));
        return signed;
    }

    /// <summary>A new id for a command, a UUID of version 7.</summary>
    public static string NewId() => Guid.CreateVersion7().ToString();

    /// <inheritdoc />
    public void Dispose() => certificate.Dispose();
}
