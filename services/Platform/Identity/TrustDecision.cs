using System.Diagnostics.CodeAnalysis;

namespace Exchange.Platform;

/// <summary>
/// What was decided about a certificate: a caller, or the code of the reason why not (<see cref="CertificateRefusals"/>).
/// </summary>
public sealed record TrustDecision
{
    TrustDecision(Caller? caller, string? refusal) => (Caller, Refusal) = (caller, refusal);

    public Caller? Caller { get; }

    public string? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Caller))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Accepted => Caller is not null;

    /// <summary>
    /// Nothing speaks against the certificate, but whether it was revoked cannot be known now: our own file of what was revoked is missing,
    /// overdue or broken. Whoever can wait decides later.
    /// </summary>
    public bool IsUnknown => Refusal is CertificateRefusals.RevocationListMissing or CertificateRefusals.RevocationListExpired
        or CertificateRefusals.RevocationListForged or CertificateRefusals.RevocationListUnreadable;

    internal static TrustDecision Accept(Caller caller) => new(caller, null);

    internal static TrustDecision Refuse(string code) => new(null, code);
}

/// <summary>The reasons for which a certificate is refused, as written to the log. Part of the operators' handbook.</summary>
public static class CertificateRefusals
{
    /// <summary>No subject alternative name with the scheme <c>exchange</c>, or one that is not written by the rule.</summary>
    public const string NoIdentity = "no_identity";

    /// <summary>More than one identity: it would be open to choice who acted.</summary>
    public const string SeveralIdentities = "several_identities";

    /// <summary>No anchor that we trust has issued it.</summary>
    public const string UnknownAnchor = "unknown_anchor";

    /// <summary>Issued under the anchor of one state, but speaks for another (or an officer's issued by the services').</summary>
    public const string WrongState = "wrong_state";

    public const string Expired = "expired";

    public const string NotYetValid = "not_yet_valid";

    public const string Revoked = "revoked";

    /// <summary>Lists are configured, but the issuing authority has none: whether it is revoked cannot be known.</summary>
    public const string RevocationListMissing = "revocation_list_missing";

    /// <summary>The list's next update is overdue. Remedy: put the authority's newest list into the folder.</summary>
    public const string RevocationListExpired = "revocation_list_expired";

    /// <summary>The list does not bear the signature of the authority in whose name it speaks.</summary>
    public const string RevocationListForged = "revocation_list_forged";

    public const string RevocationListUnreadable = "revocation_list_unreadable";

    /// <summary>Not issued for the use as a client.</summary>
    public const string NotAClient = "not_a_client";

    /// <summary>Not issued for the use as a server.</summary>
    public const string NotAServer = "not_a_server";

    /// <summary>A server that is good, but another one than was called.</summary>
    public const string WrongService = "wrong_service";

    /// <summary>The server's certificate does not name the host that was called.</summary>
    public const string WrongHost = "wrong_host";

    /// <summary>Any other fault that the chain engine finds.</summary>
    public const string InvalidChain = "invalid_chain";
}
