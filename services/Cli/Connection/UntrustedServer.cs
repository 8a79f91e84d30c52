using System.Globalization;
using Exchange.Client;
using Exchange.Platform;

namespace Exchange.Cli;

/// <summary>Why a server was not believed to be the service that was called, and what helps.</summary>
static class UntrustedServer
{
    const string NewCertificate = "Tell its operator: it needs a new certificate, made out to this service and this host.";
    const string List = "It is read from --crl, else from crl beside the anchors, as service.crl.";

    /// <param name="option">The option that says where the service is, such as <c>--tracking</c>.</param>
    /// <param name="server">Null when no certificate was shown.</param>
    public static CommandException Explain(string where, Uri address, string option, ServerVerdict? server)
    {
        var (why, remedy) = server?.Refusal switch
        {
            CertificateRefusals.Revoked => (": its certificate is revoked.", "Do not trust what answers there. " + NewCertificate),
            CertificateRefusals.WrongHost => ($": its certificate is not for {address.IdnHost}, but for {Hosts(server)}.",
                $"Call it by a name it has ({option}, client.json), or have its certificate made out to this one: exchange pki init DIR"
                    + " --dns NAME."),
            CertificateRefusals.NotAServer => (": its certificate was not issued to a server.", NewCertificate),
            CertificateRefusals.Expired => ($": its certificate ended on {Day(server.NotAfter)}.",
                "Tell its operator: it needs a new one (exchange pki init renews those of a trial). Is this machine's clock right?"),
            CertificateRefusals.NotYetValid =>
                ($": its certificate begins on {Day(server.NotBefore)}.", "Is this machine's clock right, and that of its authority?"),
            CertificateRefusals.RevocationListMissing => (": there is no revocation list of its authority.", List),
            CertificateRefusals.RevocationListExpired =>
                (": the revocation list of its authority is out of date.", "Put the newest list in its place. " + List),
            CertificateRefusals.RevocationListForged =>
                (": the revocation list of its authority is not signed by it.", "Put the authority's own list in its place. " + List),
            CertificateRefusals.RevocationListUnreadable =>
                (": the revocation list of its authority cannot be read.", "Put the authority's list in its place, PEM or DER. " + List),
            _ => (".",
                "Its certificate must rest on --anchors and be made out to this service; is the address right, and this machine's clock?"),
        };
        return new(ExitCode.Unavailable, $"What answers as {where} could not prove to be it{why}", remedy);
    }

    static string Hosts(ServerVerdict server) => server.Hosts.Count > 0 ? string.Join(", ", server.Hosts) : "no host at all";

    static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
