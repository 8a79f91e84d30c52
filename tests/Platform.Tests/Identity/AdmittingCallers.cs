using System.Security.Cryptography.X509Certificates;
using Exchange.Cli;

namespace Exchange.Platform.Tests;

public sealed class AdmittingCallers
{
    const string Prosecutor = "exchange://BY/general-prosecutor/international/1001?role=prosecutor";

    [Fact]
    public async Task An_officer_is_known_by_his_certificate()
    {
        await using var server = await TlsServer.Start();
        using var certificate = server.Pki.Authority("BY").Officer(Prosecutor);
        using var client = server.Client(certificate);

        var answer = await client.GetStringAsync("/");

        answer.ShouldBe($"{Prosecutor} {Thumbprint(certificate)}");
        server.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_liaison_officer_is_known_by_the_anchor_of_his_own_state()
    {
        await using var server = await TlsServer.Start();
        using var client = server.Client(Read(server.Pki.Persona("liaison-pl")));

        (await client.GetStringAsync("/")).ShouldStartWith("exchange://PL/embassy-minsk/liaison/4001?role=liaison ");
    }

    [Fact]
    public async Task A_service_is_known_by_its_certificate()
    {
        await using var server = await TlsServer.Start();
        using var client = server.Client(Read(server.Pki.Service("tracking")));

        (await client.GetStringAsync("/")).ShouldStartWith("exchange://service/tracking ");
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "issued by a stranger who calls himself BY", CertificateRefusals.UnknownAnchor },
        { "of a state without an anchor", CertificateRefusals.UnknownAnchor },
        { "speaking for BY, issued by PL", CertificateRefusals.WrongState },
        { "an officer's, issued by the authority of services", CertificateRefusals.WrongState },
        { "a service's, issued by BY", CertificateRefusals.WrongState },
        { "expired", CertificateRefusals.Expired },
        { "not yet valid", CertificateRefusals.NotYetValid },
        { "revoked", CertificateRefusals.Revoked },
        { "for servers only", CertificateRefusals.NotAClient },
        { "without stated uses", CertificateRefusals.NotAClient },
        { "with two identities", CertificateRefusals.SeveralIdentities },
        { "with a second identity in capitals", CertificateRefusals.SeveralIdentities },
        { "without identity", CertificateRefusals.NoIdentity },
        { "with an identity against the rule", CertificateRefusals.NoIdentity },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_certificate_is_refused_and_the_log_says_why(string certificate, string code)
    {
        await using var server = await TlsServer.Start();
        using var client = server.Client(Make(certificate, server));
        server.LetFilesBeSeen();

        await Should.ThrowAsync<HttpRequestException>(() => client.GetStringAsync("/"));

        server.Refusals.Distinct().ShouldBe([code]);
    }

    [Fact]
    public async Task Nobody_is_let_in_without_a_certificate()
    {
        await using var server = await TlsServer.Start();
        using var client = server.ClientWithoutCertificate();

        await Should.ThrowAsync<HttpRequestException>(() => client.GetStringAsync("/"));
    }

    [Fact]
    public async Task One_who_is_revoked_while_connected_is_told_so_and_cannot_come_back()
    {
        await using var server = await TlsServer.Start();
        using var certificate = server.Pki.Authority("BY").Officer(Prosecutor);
        using var client = server.Client(certificate);
        await client.GetStringAsync("/");

        server.Pki.Revoke(certificate);
        server.LetFilesBeSeen();
        var told = await client.GetAsync("/");

        told.Headers.GetValues("grpc-status").ShouldBe(["16"]);
        told.Headers.GetValues("grpc-message").Single().ShouldContain(CertificateRefusals.Revoked);
        using var again = server.Client(certificate);
        await Should.ThrowAsync<HttpRequestException>(() => again.GetStringAsync("/"));
    }

    [Fact]
    public async Task One_whose_certificate_ends_while_connected_is_told_so()
    {
        await using var server = await TlsServer.Start();
        using var certificate = server.Pki.Authority("BY").Issue(Officer() with { Until = server.Clock.GetUtcNow().AddHours(1) });
        using var client = server.Client(certificate);
        await client.GetStringAsync("/");

        server.Clock.Advance(TimeSpan.FromHours(2));
        var told = await client.GetAsync("/");

        told.Headers.GetValues("grpc-message").Single().ShouldContain(CertificateRefusals.Expired);
    }

    static X509Certificate2 Make(string kind, TlsServer server)
    {
        var (by, pl, services) = (server.Pki.Authority("BY"), server.Pki.Authority("PL"), server.Pki.Authority("service"));
        var now = server.Clock.GetUtcNow();
        switch (kind)
        {
            case "issued by a stranger who calls himself BY":
                return DevelopmentAuthority.Create("BY", server.Clock).Officer(Prosecutor);
            case "of a state without an anchor":
                return DevelopmentAuthority.Create("DE", server.Clock).Officer("exchange://DE/a/b/1?role=liaison");
            case "speaking for BY, issued by PL":
                return pl.Issue(Officer());
            case "an officer's, issued by the authority of services":
                return services.Issue(Officer());
            case "a service's, issued by BY":
                return by.Service("requests", []);
            case "expired":
                return by.Issue(Officer() with { From = now.AddDays(-2), Until = now.AddDays(-1) });
            case "not yet valid":
                return by.Issue(Officer() with { From = now.AddDays(1), Until = now.AddDays(2) });
            case "revoked":
                var revoked = by.Officer(Prosecutor);
                server.Pki.Revoke(revoked);
                return revoked;
            case "for servers only":
                return by.Issue(Officer() with { ForClients = false, ForServers = true });
            case "without stated uses":
                return by.Issue(Officer() with { ForClients = false });
            case "with two identities":
                return by.Issue(Officer() with { Identities = [Prosecutor, "exchange://BY/a/b/2?role=operator"] });
            case "with a second identity in capitals":
                return by.Issue(Officer() with { Identities = [Prosecutor, "EXCHANGE://PL/a/b/2?role=operator"] });
            case "without identity":
                return by.Issue(Officer() with { Identities = ["https://example.org/BY"] });
            case "with an identity against the rule":
                return by.Issue(Officer() with { Identities = ["exchange://BY/general-prosecutor"] });
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such case.");
        }
    }

    static CertificateOrder Officer() => new() { CommonName = "a/b/1", Identities = [Prosecutor], ForClients = true };

    static X509Certificate2 Read(string stem) => X509Certificate2.CreateFromPemFile(stem + ".pem", stem + ".key");

    static string Thumbprint(X509Certificate2 certificate) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.RawData));
}
