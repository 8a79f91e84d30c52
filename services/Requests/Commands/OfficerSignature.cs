using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Requests;

/// <summary>An officer's signature under an act that binds his state: ECDSA P-256 with SHA-256, IEEE P1363 form.</summary>
static class OfficerSignature
{
    /// <summary>Checks that the caller signed this very act with the key of the certificate he calls with.</summary>
    /// <exception cref="Refusal">SIGNATURE_WRONG, with the reason.</exception>
    public static void Verify(Signature signature, Act act, Caller caller)
    {
        if (!SaysTheSame(signature.Content, act))
            throw RequestRefusals.SignatureWrong("the content must be the version byte 0x01 and the act that is sent.");
        if (ActSigning.Fault(signature, caller.Thumbprint) is { } fault)
            throw RequestRefusals.SignatureWrong(fault);
    }

    static bool SaysTheSame(ByteString content, Act act)
    {
        try
        {
            return content.Span is [CanonicalBytes.Version, .. var bytes] && Act.Parser.ParseFrom(bytes).Equals(act);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
