using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;

namespace Exchange.Client;

/// <summary>An officer's signature over a rung of the ladder, alike for who signs it and for who checks it.</summary>
public static class RungSigning
{
    /// <summary>What the resource name of a rung begins with.</summary>
    public const string Prefix = "rungs/";

    const string NotSigned = "it is not the rung that its officer signed";

    static readonly MessageParser<RungAct> Known = RungAct.Parser.WithDiscardUnknownFields(true);

    /// <summary>Signs the question as it will be sent: makes the salt, and the act that says what the question says.</summary>
    /// <exception cref="ArgumentException">The certificate has no key of ECDSA P-256 (<see cref="ActSigning.CanSign"/>).</exception>
    public static void Sign(TakeRungRequest question, X509Certificate2 certificate)
    {
        question.LetterSalt = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(ActStatements.SaltLength));
        question.Signature = ActSigning.Sign(ActOf(question), certificate);
    }

    /// <summary>The act that says what the question says.</summary>
    public static RungAct ActOf(TakeRungRequest question) => new()
    {
        Partner = question.Partner,
        Rung = question.Rung,
        Requests = { question.Requests },
        LetterCommitment = ByteString.CopyFrom(
            ActStatements.Commit(question.LetterSalt.Span, Encoding.UTF8.GetBytes(question.Letter))),
        CommandId = question.CommandId,
    };

    /// <summary>
    /// What is wrong with a reminder in the journal of Requests, which no officer's statement stands beside; null where its officer signed
    /// this rung for this request.
    /// </summary>
    public static string? Fault(JournalEntry entry)
    {
        if (entry.Signature is not { } signature || entry.Steps is not [{ Reminded: { } reminded }])
            return "it carries a signature over nothing";
        if (ActSigning.Fault(signature, signature.Content, entry.Actor) is { } fault)
            return fault;
        return Read(signature.Content) is { } act && act.Rung == reminded.Rung && reminded.Taken == Prefix + IdOf(signature)
            && act.Partner == entry.Facts.RequestedState && Names(act, entry.Facts.Request, entry.Facts.Reference) ? null : NotSigned;
    }

    /// <summary>What is wrong with the entry by which Tracking recorded a rung; null where its officer signed this rung.</summary>
    public static string? Fault(TrackingEntry entry)
    {
        if (entry.Signature is not { } signature || entry.RungTaken is not { } taken)
            return "no officer signed it";
        if (ActSigning.Fault(signature, signature.Content, entry.Actor) is { } fault)
            return fault;
        return Read(signature.Content) is { } act && act.Rung == taken.Rung && act.Partner == taken.Partner
            && act.CommandId == entry.CommandId && entry.Aggregate == Prefix + IdOf(signature)
            && taken.Requests.Count == taken.References.Count
            && taken.Requests.Zip(taken.References).All(one => Names(act, one.First, one.Second)) ? null : NotSigned;
    }

    static bool Names(RungAct act, string request, string reference) =>
        act.Requests.Contains(request) || act.Requests.Contains(RequestId.Prefix + reference);

    /// <summary>The act that was signed; null where it is none.</summary>
    public static RungAct? Read(ByteString content) => CanonicalBytes.Read(content.Span, Known);

    /// <summary>The id of the rung that the signed act stands for: the same act is never two rungs.</summary>
    public static Guid IdOf(Signature signature) => CommandIdentity.UuidFrom(SHA256.HashData(signature.Content.Span), version: 8);
}
