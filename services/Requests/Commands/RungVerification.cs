using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Requests;

/// <summary>
/// Whether an officer took the rung that Tracking tells of. It goes into the record of requests as his act, and to the partner, so his
/// signature must stand under it: Tracking's word alone puts nothing there.
/// </summary>
sealed class RungVerification(TrustAnchors anchors)
{
    /// <summary>What the officer signed.</summary>
    /// <exception cref="Refusal">
    /// SIGNATURE_WRONG, with the reason; or Unavailable, where it cannot be known now whether his certificate was revoked.
    /// </exception>
    public RungAct Verify(RungConfirmed rung, out Caller officer)
    {
        var signature = rung.Signature ?? throw RequestRefusals.SignatureWrong("there is none.");
        officer = Judge(signature, rung.ConfirmedBy);
        if (ActSigning.Fault(signature, officer.Thumbprint) is { } fault)
            throw RequestRefusals.SignatureWrong(fault);
        var act = RungSigning.Read(signature.Content) ?? throw RequestRefusals.SignatureWrong("what was signed is no RungAct.");
        if (act.Rung != rung.Rung || rung.Name != RungSigning.Prefix + RungSigning.IdOf(signature))
            throw RequestRefusals.SignatureWrong("the officer signed another rung.");
        return act;
    }

    /// <summary>The request is one that the officer named, of his state and to the partner that he named.</summary>
    /// <exception cref="Refusal">SIGNATURE_WRONG.</exception>
    public static void VerifyNamed(RungAct act, Caller officer, RequestFacts facts)
    {
        if (!act.Requests.Contains(facts.Request) && !act.Requests.Contains(RequestId.Prefix + facts.Reference))
            throw RequestRefusals.SignatureWrong("the officer did not name this request.");
        if (facts.RequestingState != officer.State || facts.RequestedState != act.Partner)
            throw RequestRefusals.SignatureWrong("the request is of another state, or to another partner.");
    }

    Caller Judge(Signature signature, Actor confirmedBy)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(signature.Certificate.Span);
        }
        catch (CryptographicException)
        {
            throw RequestRefusals.SignatureWrong("it comes without a certificate.");
        }
        using (certificate)
        {
            var decision = anchors.Client(certificate);
            if (decision is not { Accepted: true, Caller: { } caller })
                throw decision.IsUnknown ? RequestRefusals.RevocationUnknown() : RequestRefusals.SignatureWrong(decision.Refusal!);
            if (caller.Role is not (CallerRole.Prosecutor or CallerRole.Liaison))
                throw RequestRefusals.SignatureWrong("a rung is taken by a prosecutor or a liaison officer.");
            return caller.ToString() == confirmedBy?.Identity && caller.Thumbprint == confirmedBy.Certificate
                ? caller : throw RequestRefusals.SignatureWrong("somebody else is said to have confirmed it.");
        }
    }
}
