using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Exchange.Platform;

/// <summary>A message that nobody who may say it has signed. It is set aside unread.</summary>
/// <param name="reason">A code: a constant of <see cref="MessageVerifier"/>, or one of <see cref="CertificateRefusals"/>.</param>
/// <param name="owner">The service that such messages are accepted from.</param>
sealed class UnverifiedMessageException(string reason, string owner)
    : Exception($"{reason}. Nothing shows that {owner} said it. What {owner} did say is read from its journal; discard this one.")
{
    /// <summary>The code.</summary>
    public string Reason { get; } = reason;
}

/// <summary>
/// Whether a message was said by the service that owns its type: signed under a certificate that the anchor of the services vouches for,
/// that names this service, and that holds now (neither expired nor revoked). Whoever reaches the broker can publish; nothing a message
/// says about itself counts. The root of a group is verified once and remembered, so that a further message of it costs a few hashes.
/// </summary>
public sealed class MessageVerifier(TrustAnchors anchors, TimeProvider time)
{
    /// <summary>It came without a proof, or with what is none.</summary>
    internal const string NoProof = "no_proof";

    /// <summary>A service that is good signed it, but not the one that owns messages of this type.</summary>
    internal const string WrongService = "wrong_service";

    /// <summary>The group holds no message of this type, id and content: it was changed, or belongs to another message.</summary>
    internal const string NotInGroup = "not_in_group";

    /// <summary>The signature is not that of the certificate's key.</summary>
    internal const string WrongSignature = "wrong_signature";

    // Emptied when full: what is asked for again is verified again. Only what is good is remembered, so forgeries drive nothing out.
    const int MostRoots = 4_096;
    const int MostCertificates = 64;

    readonly ConcurrentDictionary<string, VerifiedRoot> roots = [];
    readonly ConcurrentDictionary<string, JudgedCertificate> certificates = [];

    /// <summary>Returns where the message is the owner's.</summary>
    /// <param name="type">Short name of the contract that it is read as.</param>
    /// <exception cref="UnverifiedMessageException">It is not.</exception>
    /// <exception cref="Refusal">Unavailable: whether the certificate was revoked cannot be known at present.</exception>
    internal void Verify(SignedEnvelope envelope, string owner, string type)
    {
        if (envelope is not { Proof: { } sent, Certificate: { } der } || GroupProof.TryRead(sent) is not { } proof)
            throw new UnverifiedMessageException(NoProof, owner);
        var id = Convert.ToHexString(SHA256.HashData(der));
        var certificate = Judge(id, der, owner);
        if (!MerkleTree.Includes(proof.Root, proof.Size,
            GroupProof.LeafOf(owner, type, envelope.Id, envelope.Message.Span), proof.Index, proof.Path))
            throw new UnverifiedMessageException(NotInGroup, owner);
        var root = Convert.ToHexString(proof.Root);
        if (roots.TryGetValue(root, out var known) && known.Is(proof, id))
            return;
        using var key = certificate.GetECDsaPublicKey();
        var signed = GroupProof.SignedBytes(owner, proof.Size, proof.Root);
        if (key is null || !key.VerifyData(signed, proof.Signature, HashAlgorithmName.SHA256))
            throw new UnverifiedMessageException(WrongSignature, owner);
        if (roots.Count >= MostRoots)
            roots.Clear();
        roots[root] = new(proof.Size, proof.Signature, id);
    }

    X509Certificate2 Judge(string id, byte[] der, string owner)
    {
        if (!certificates.TryGetValue(id, out var judged))
            judged = Load(der, owner);
        var decision = judged.Decision;
        if (decision is { Accepted: true, Caller.Service: { } service })
        {
            if (service != owner)
                throw new UnverifiedMessageException(WrongService, owner);
            if (certificates.Count >= MostCertificates)
                certificates.Clear();
            certificates[id] = judged;
            return judged.Certificate;
        }
        // An officer has no say here.
        var reason = decision.Refusal ?? WrongService;
        // The fault is our own file's: to set everything aside for it would leave thousands of good messages to an operator.
        throw decision.IsUnknown
            ? (Exception)new Refusal(RefusalKind.Unavailable, "REVOCATION_UNKNOWN",
                $"Whether the certificate of {owner} was revoked cannot be known now: {reason}. Put the services' newest list in place.")
            : new UnverifiedMessageException(reason, owner);
    }

    JudgedCertificate Load(byte[] der, string owner)
    {
        try
        {
            return new(X509CertificateLoader.LoadCertificate(der), [], anchors, time);
        }
        catch (CryptographicException)
        {
            throw new UnverifiedMessageException(NoProof, owner);
        }
    }

    sealed record VerifiedRoot(int Size, byte[] Signature, string Certificate)
    {
        public bool Is(GroupProof proof, string certificate) => Size == proof.Size && Certificate == certificate
            && Signature.AsSpan().SequenceEqual(proof.Signature);
    }
}
