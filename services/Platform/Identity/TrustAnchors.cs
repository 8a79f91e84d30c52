using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>
/// Decides whose word a certificate is. There is one anchor per state (<c>BY.pem</c>) and one for services
/// (<c>service.pem</c>), and a certificate speaks only for the state of the anchor that issued it. Revocation lists
/// (<c>BY.crl</c>, PEM or DER) are read from files; nothing here touches the network. Changed files are taken in within a
/// second of the next decision; replace them by renaming, so that none is read half-written.
/// </summary>
public sealed partial class TrustAnchors
{
    const string ServiceAnchor = "service";

    readonly Func<IEnumerable<AnchorFiles>> places;
    readonly IReadOnlyList<string> roles;
    readonly TimeProvider time;
    readonly ILogger<TrustAnchors> log;
    readonly ReloadedFile<Dictionary<string, Anchor>> anchors;

    /// <param name="revocationLists">
    /// Null: revocation is not checked. A folder: every anchor must have a list in it that is signed by it and not overdue.
    /// </param>
    /// <param name="roles">The roles that an officer may have; a certificate with another is refused.</param>
    public TrustAnchors(string folder, string? revocationLists, IReadOnlyList<string> roles, TimeProvider time, ILogger<TrustAnchors> log)
        : this(() => In(folder, revocationLists), folder, roles, time, log)
    {
    }

    TrustAnchors(
        Func<IEnumerable<AnchorFiles>> places, string where, IReadOnlyList<string> roles, TimeProvider time, ILogger<TrustAnchors> log)
    {
        (this.places, this.roles, this.time, this.log) = (places, roles, time, log);
        anchors = new(() => places().SelectMany(place => place.All), Load, e => CannotReload(e, where), time);
    }

    /// <summary>Only the anchor of the services, for those who call services and are not called themselves.</summary>
    /// <param name="anchor">PEM file of any name.</param>
    /// <param name="revocationList">File with its list; when it is absent, no service is accepted.</param>
    /// <param name="roles">The roles that an officer may have, so that an officer's certificate is known for one.</param>
    public static TrustAnchors OfServices(
        string anchor, string revocationList, IReadOnlyList<string> roles, TimeProvider time, ILogger<TrustAnchors> log) =>
        new(() => [new(ServiceAnchor, anchor, revocationList)], anchor, roles, time, log);

    /// <summary>What the decisions rest on at present; another object as soon as an anchor or a list has changed.</summary>
    internal object Basis => anchors.Current;

    /// <summary>The states that have an anchor here, in order.</summary>
    public IReadOnlyList<string> States => [.. anchors.Current.Keys.Where(n => n != ServiceAnchor).Order()];

    /// <summary>Whether this is the certificate of an officer or a service that may call us, and whose.</summary>
    /// <param name="sentAlong">Intermediate certificates that came with it.</param>
    public TrustDecision Client(X509Certificate2 certificate, X509Certificate2Collection? sentAlong = null) =>
        Decide(certificate, sentAlong, CertificatePurpose.Client);

    /// <summary>Whether this is the certificate of the service that we meant to call.</summary>
    public TrustDecision Server(X509Certificate2 certificate, string service, X509Certificate2Collection? sentAlong = null)
    {
        var decision = Decide(certificate, sentAlong, CertificatePurpose.Server);
        return decision.Accepted && decision.Caller.Service != service
            ? TrustDecision.Refuse(CertificateRefusals.WrongService)
            : decision;
    }

    /// <summary>The identity written in a certificate, whoever issued it; null when it has none or several. Proves nothing.</summary>
    public static Caller? IdentityOf(X509Certificate2 certificate, IReadOnlyList<string> roles) =>
        Identities(certificate) is [var uri] && CallerUri.TryParse(uri, roles, out var caller, out _) ? caller : null;

    TrustDecision Decide(X509Certificate2 certificate, X509Certificate2Collection? sentAlong, CertificatePurpose purpose)
    {
        var identities = Identities(certificate);
        if (identities.Count > 1)
            return TrustDecision.Refuse(CertificateRefusals.SeveralIdentities);
        if (!CallerUri.TryParse(identities.SingleOrDefault(), roles, out var caller, out _))
            return TrustDecision.Refuse(CertificateRefusals.NoIdentity);

        var (all, now) = (anchors.Current, time.GetUtcNow());
        var name = caller.State ?? ServiceAnchor;
        var refusal = all.TryGetValue(name, out var own)
            ? own.Refuses(certificate, sentAlong, purpose, now)
            : CertificateRefusals.UnknownAnchor;
        if (refusal == CertificateRefusals.UnknownAnchor && all.Values.Any(other => other != own
                && other.Knows(certificate.IssuerName)
                && other.Refuses(certificate, sentAlong, purpose, now) != CertificateRefusals.UnknownAnchor))
            refusal = CertificateRefusals.WrongState;

        return refusal is null
            ? TrustDecision.Accept(caller with { Thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant() })
            : TrustDecision.Refuse(refusal);
    }

    /// <summary>Every subject alternative name of the certificate that is a URI of our scheme, in whatever case.</summary>
    static List<string> Identities(X509Certificate2 certificate)
    {
        const string subjectAlternativeName = "2.5.29.17";
        var uri = new Asn1Tag(TagClass.ContextSpecific, 6);
        var found = new List<string>();
        try
        {
            foreach (var extension in certificate.Extensions.Where(e => e.Oid?.Value == subjectAlternativeName))
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (names.PeekTag().HasSameClassAndValue(uri))
                        found.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, uri));
                    else
                        names.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            return [];
        }
        return found.FindAll(u => u.StartsWith(CallerUri.Scheme + ":", StringComparison.OrdinalIgnoreCase));
    }

    static IEnumerable<AnchorFiles> In(string folder, string? lists) =>
        from anchor in Directory.EnumerateFiles(folder, "*.pem")
        let name = Path.GetFileNameWithoutExtension(anchor)
        select new AnchorFiles(name, anchor, lists is null ? null : Path.Combine(lists, name + ".crl"));

    Dictionary<string, Anchor> Load()
    {
        var loaded = new Dictionary<string, Anchor>(StringComparer.Ordinal);
        foreach (var (name, file, list) in places())
        {
            try
            {
                loaded.Add(name, new(file, list, (unread, e) => CannotReadList(e, unread)));
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                // One state's broken file must not keep the others' newest revocations from being heard.
                CannotReadAnchor(e, file);
            }
        }
        Loaded(string.Join(' ', loaded.Keys.Order()));
        return loaded;
    }

    /// <param name="Name">The state, or <see cref="ServiceAnchor"/>.</param>
    /// <param name="List">Null: revocation is not checked.</param>
    sealed record AnchorFiles(string Name, string Anchor, string? List)
    {
        public IEnumerable<string> All => List is null ? [Anchor] : [Anchor, List];
    }

    [LoggerMessage(1201, LogLevel.Information, "Trusting the anchors of {Anchors}")]
    partial void Loaded(string anchors);

    [LoggerMessage(1202, LogLevel.Error, "The trust anchors in {Folder} cannot be read again; the former ones stay in force")]
    partial void CannotReload(Exception e, string folder);

    [LoggerMessage(1207, LogLevel.Error, "The trust anchor {File} cannot be read; nobody under it is let in")]
    partial void CannotReadAnchor(Exception e, string file);

    [LoggerMessage(1203, LogLevel.Error, "The revocation list {File} cannot be read; nobody under its anchor is let in")]
    partial void CannotReadList(Exception e, string file);
}
