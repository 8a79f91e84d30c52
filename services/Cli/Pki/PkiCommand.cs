using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Platform;

namespace Exchange.Cli;

/// <summary><c>exchange pki</c>: a development authority on the command line.</summary>
public static class PkiCommand
{
    // A production authority is the state's own PKI: it issues certificates with the same kind of identity, and only its
    // anchors and revocation lists are put into the services' folders.
    public static Command Create() =>
        new Command("pki", "Certificates for trying the exchange out, from an authority whose keys lie in files.")
    {
        Init(), Issue(), Revoke(), Show(),
    }.WithExamples(
        "exchange pki init .local/pki --state BY --partner PL --partner LT",
        "exchange pki issue .local/pki --identity 'exchange://BY/general-prosecutor/international/1003?role=prosecutor' --out"
            + " .local/pki/personas/third",
        "exchange pki revoke .local/pki .local/pki/personas/third.pem",
        "exchange pki show .local/pki/services/requests.pem");

    static Argument<string> Folder() => new("DIR") { Description = "Folder of the development authority." };

    static Option<string[]> Dns() => new("--dns")
    {
        Description = "A further host name in the certificates of services; may be repeated. localhost, 127.0.0.1, ::1 and the service's"
            + " own name are always there.",
        HelpName = "NAME",
    };

    static Command Init()
    {
        var folder = Folder();
        var state = new Option<string?>("--state")
        {
            Description = "The installation's own state [default: the one the folder was made for, or BY]",
            HelpName = "STATE",
        };
        var partner = new Option<string[]>("--partner") { Description = "A partner state; may be repeated.", HelpName = "STATE" };
        var dns = Dns();
        var command = new Command("init",
            """
            Make authorities, anchors, revocation lists, service certificates and personas. What is there stays; what ends
            within 30 days is renewed.

            Example: exchange pki init .local/pki --state BY --partner PL --dns requests.exchange.svc
            """) { folder, state, partner, dns };
        command.SetAction(parsed => Run(parsed, output =>
        {
            var done = new PkiFolder(parsed.GetRequiredValue(folder), TimeProvider.System)
                .Initialise(parsed.GetValue(state), parsed.GetValue(partner) ?? [], parsed.GetValue(dns) ?? []);
            foreach (var line in done.DefaultIfEmpty("nothing to do: everything is there and good for 30 days at least"))
                output.WriteLine(line);
        }));
        return command;
    }

    static Command Issue()
    {
        var folder = Folder();
        var identity = new Option<string>("--identity")
        {
            Description = "exchange://STATE/authority/unit/number?role=investigator|prosecutor|liaison|operator, or"
                + " exchange://service/NAME. Put it in quotes.",
            HelpName = "URI",
            Required = true,
        };
        var stem = new Option<string>("--out")
        {
            Description = "Path without ending: FILE-STEM.pem and FILE-STEM.key are written.",
            HelpName = "FILE-STEM",
            Required = true,
        };
        var dns = Dns();
        var command = new Command("issue",
            """
            Issue a certificate to an officer or a service.

            Example: exchange pki issue .local/pki --identity 'exchange://PL/embassy-minsk/liaison/4002?role=liaison' --out ./liaison-2
            """) { folder, identity, stem, dns };
        command.SetAction(parsed => Run(parsed, output =>
        {
            var path = parsed.GetRequiredValue(stem);
            var issued = new PkiFolder(parsed.GetRequiredValue(folder), TimeProvider.System)
                .Issue(parsed.GetRequiredValue(identity), path, parsed.GetValue(dns) ?? []);
            output.WriteLine($"issued {path}.pem with {path}.key, good until {Day(issued.NotAfter)}");
        }));
        return command;
    }

    static Command Revoke()
    {
        var folder = Folder();
        var certificate = Certificate();
        var command = new Command("revoke",
            """
            Revoke a certificate: it is put on the list of its authority, which running services read within a second.

            Example: exchange pki revoke .local/pki .local/pki/personas/liaison-pl.pem
            """) { folder, certificate };
        command.SetAction(parsed => Run(parsed, output =>
        {
            var list = new PkiFolder(parsed.GetRequiredValue(folder), TimeProvider.System)
                .Revoke(PemFiles.Read(parsed.GetRequiredValue(certificate)));
            output.WriteLine($"revoked; wrote {list}");
        }));
        return command;
    }

    static Command Show()
    {
        var certificate = Certificate();
        var command = new Command("show",
            """
            Show whose word a certificate is and how long it is good.

            Example: exchange pki show .local/pki/personas/prosecutor.pem
            """) { certificate };
        command.SetAction(parsed => Run(parsed, output =>
        {
            using var shown = PemFiles.Read(parsed.GetRequiredValue(certificate));
            var identity = TrustAnchors.IdentityOf(shown, CallerRole.OfOfficers)?.ToString()
                ?? "none: it speaks for nobody on the exchange";
            output.WriteLine($"identity   {identity}");
            output.WriteLine($"subject    {shown.Subject}");
            output.WriteLine($"issuer     {shown.Issuer}");
            output.WriteLine($"good       {Day(shown.NotBefore)} to {Day(shown.NotAfter)}");
            output.WriteLine($"uses       {Uses(shown)}");
            if (PkiFolder.DnsNames(shown) is { Count: > 0 } names)
                output.WriteLine($"hosts      {string.Join(' ', names)}");
            output.WriteLine($"sha-256    {shown.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant()}");
        }));
        return command;
    }

    static Argument<string> Certificate() => new("CERT") { Description = "File of the certificate, PEM." };

    static string Uses(X509Certificate2 certificate)
    {
        var uses = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .SelectMany(e => e.EnhancedKeyUsages.Cast<Oid>())
            .Select(o => o.Value switch { "1.3.6.1.5.5.7.3.1" => "server", "1.3.6.1.5.5.7.3.2" => "client", _ => o.Value })
            .ToList();
        var isAuthority = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);
        return string.Join(", ", isAuthority ? uses.Append("authority") : uses);
    }

    static string Day(DateTime local) => local.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    static int Run(ParseResult parsed, Action<TextWriter> action)
    {
        try
        {
            action(parsed.InvocationConfiguration.Output);
            return 0;
        }
        catch (Exception e) when (e is PkiException or IOException or UnauthorizedAccessException or CryptographicException)
        {
            parsed.InvocationConfiguration.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
