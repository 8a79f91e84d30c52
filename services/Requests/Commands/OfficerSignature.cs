using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>An officer's signature under the statement of an act that binds his state: ECDSA P-256 with SHA-256, IEEE P1363 form.</summary>
static class OfficerSignature
{
    /// <summary>
    /// Checks that the caller signed, with the key of the certificate he calls with, the statement of this very act, and that the openings
    /// open its commitments.
    /// </summary>
    /// <exception cref="Refusal">SIGNATURE_WRONG, with the reason.</exception>
    /// <param name="commitmentOf">The commitment to a document of the request, by its resource name.</param>
    public static void Verify(
        Signature signature, Act act, IReadOnlyCollection<Opening> openings, Func<string, ByteString> commitmentOf, Caller caller)
    {
        if (ActStatements.Of(act, openings, commitmentOf) is not { } statement)
        {
            throw RequestRefusals.SignatureWrong(
                "the openings must be those of the act's texts, one for each that is not empty, with a salt of 32 bytes.");
        }
        if (!statement.Equals(CanonicalBytes.Read(signature.Content.Span, Known)))
        {
            throw RequestRefusals.SignatureWrong(
                "the content must be the version byte 0x02 and the statement of the act that is sent, with the commitments to its "
                + "documents, serialised without fields that are empty or unknown.");
        }
        if (ActSigning.Fault(signature, caller.Thumbprint) is { } fault)
            throw RequestRefusals.SignatureWrong(fault);
    }

    static readonly MessageParser<ActStatement> Known = ActStatement.Parser.WithDiscardUnknownFields(true);
}
