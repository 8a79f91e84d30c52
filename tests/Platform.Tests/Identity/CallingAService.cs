using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Cli;
using Exchange.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Platform.Tests;

public sealed class CallingAService
{
    const string Requests = "exchange://service/requests";

    [Fact]
    public async Task One_service_reaches_another_and_is_known_there()
    {
        await using var server = await TlsServer.Start();
        var own = new ServiceCertificate(server.Pki.Service("tracking") + ".pem", server.Pki.Service("tracking") + ".key",
            server.Clock, NullLogger<ServiceCertificate>.Instance);
        using var client = server.Over(TlsClient.Handler(() => own.Current, server.Verification()));

        (await client.GetStringAsync("/")).ShouldStartWith("exchange://service/tracking ");
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "another service", CertificateRefusals.WrongService },
        { "issued by a stranger", CertificateRefusals.UnknownAnchor },
        { "issued by a state", CertificateRefusals.WrongState },
        { "an officer of a state", CertificateRefusals.WrongService },
        { "for clients only", CertificateRefusals.NotAServer },
        { "on another host", CertificateRefusals.WrongHost },
        { "expired", CertificateRefusals.Expired },
        { "revoked", CertificateRefusals.Revoked },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_server_that_is_not_the_one_called_gets_no_request_and_the_log_says_why(string kind, string code)
    {
        await using var server = await TlsServer.Start(pki => Make(kind, pki).WriteWithKey(pki.Service("requests")));
        var log = new RefusalLog();
        using var client = server.Client(
            X509Certificate2.CreateFromPemFile(server.Pki.Persona("prosecutor") + ".pem", server.Pki.Persona("prosecutor") + ".key"),
            log: log);

        await Should.ThrowAsync<HttpRequestException>(() => client.GetStringAsync("/"));

        log.Codes.Distinct().ShouldBe([code]);
    }

    [Fact]
    public async Task The_server_shows_a_renewed_certificate_while_those_connected_go_on()
    {
        await using var server = await TlsServer.Start();
        var before = await ShownBy(server);
        using var officer = server.Pki.Authority("BY").Officer("exchange://BY/a/b/1?role=liaison");
        using var connected = server.Client(officer);
        await connected.GetStringAsync("/");

        var renewed = server.Pki.Authority("service").Service("requests", []);
        renewed.WriteWithKey(server.Pki.Service("requests"));
        server.LetFilesBeSeen();

        (await ShownBy(server)).ShouldBe(renewed.GetCertHashString(HashAlgorithmName.SHA256));
        before.ShouldNotBe(renewed.GetCertHashString(HashAlgorithmName.SHA256));
        (await connected.GetStringAsync("/")).ShouldStartWith("exchange://BY/a/b/1?role=liaison ");
    }

    [Fact]
    public async Task Between_the_two_files_of_a_renewal_the_former_certificate_is_shown()
    {
        await using var server = await TlsServer.Start();
        var before = await ShownBy(server);

        using var renewed = server.Pki.Authority("service").Service("requests", []);
        using var key = renewed.GetECDsaPrivateKey()!;
        File.WriteAllText(server.Pki.Service("requests") + ".key", key.ExportPkcs8PrivateKeyPem());
        server.LetFilesBeSeen();
        (await ShownBy(server)).ShouldBe(before);

        File.WriteAllText(server.Pki.Service("requests") + ".pem", renewed.ExportCertificatePem());
        server.LetFilesBeSeen();
        (await ShownBy(server)).ShouldBe(renewed.GetCertHashString(HashAlgorithmName.SHA256));
    }

    /// <summary>Opens a new connection and says which certificate came to meet it.</summary>
    static async Task<string> ShownBy(TlsServer server)
    {
        var shown = "";
        using var officer = server.Pki.Authority("BY").Officer("exchange://BY/a/b/9?role=liaison");
        var handler = TlsClient.Handler(() => officer, server.Verification());
        var judge = handler.SslOptions.RemoteCertificateValidationCallback!;
        handler.SslOptions.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            shown = certificate!.GetCertHashString(HashAlgorithmName.SHA256);
            return judge(sender, certificate, chain, errors);
        };
        using var client = server.Over(handler);
        await client.GetStringAsync("/");
        return shown;
    }

    static X509Certificate2 Make(string kind, PkiFolder pki)
    {
        var services = pki.Authority("service");
        var order = new CertificateOrder
        {
            CommonName = "requests", Identities = [Requests], WithLoopback = true, ForClients = true, ForServers = true,
        };
        switch (kind)
        {
            case "another service":
                return services.Service("tracking", []);
            case "issued by a stranger":
                return DevelopmentAuthority.Create("service", TimeProvider.System).Service("requests", []);
            case "issued by a state":
                return pki.Authority("BY").Service("requests", []);
            case "an officer of a state":
                return pki.Authority("BY").Issue(order with { Identities = ["exchange://BY/a/b/1?role=operator"] });
            case "for clients only":
                return services.Issue(order with { ForServers = false });
            case "on another host":
                return services.Issue(order with { DnsNames = ["elsewhere"], WithLoopback = false });
            case "expired":
                return services.Issue(order with
                {
                    From = TimeProvider.System.GetUtcNow().AddDays(-2),
                    Until = TimeProvider.System.GetUtcNow().AddDays(-1),
                });
            case "revoked":
                var revoked = services.Service("requests", []);
                pki.Revoke(revoked);
                return revoked;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such case.");
        }
    }
}
