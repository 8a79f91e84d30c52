using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Exchange.Client;
using Exchange.Platform;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Cli.Tests;

/// <summary>Whom the command line believes to be the service it calls, each time against a real TLS server.</summary>
public sealed class TrustingAService : IDisposable
{
    const string Identity = "exchange://service/tracking";
    const string Officer = "exchange://BY/general-prosecutor/international/1001?role=prosecutor";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("exchange-cli-trust-");
    readonly PkiFolder pki;

    public TrustingAService()
    {
        pki = new(folder.FullName, TimeProvider.System);
        pki.Initialise("BY", ["PL"], []);
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task The_service_is_believed_by_every_name_of_its_host(string host)
    {
        using var certificate = pki.Authority("service").Service("tracking", []);
        await using var server = await TlsServer.Start(certificate);

        var printed = await Ask(server, host);

        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);
        server.Question.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("tracking", true)]
    [InlineData("tracking.exchange.svc", true)]
    [InlineData("::1", true)]
    [InlineData("requests", false)]
    [InlineData("exchange.svc", false)]
    [InlineData("127.0.0.2", false)]
    public void Its_names_in_containers_are_those_of_its_certificate_and_no_others(string host, bool accepted)
    {
        using var certificate = pki.Authority("service").Service("tracking", ["tracking.exchange.svc"]);
        var anchors = TrustAnchors.OfServices(Path.Combine(pki.Anchors, "service.pem"), Path.Combine(pki.RevocationLists, "service.crl"),
            CallerRole.OfOfficers,
            TimeProvider.System, NullLogger<TrustAnchors>.Instance);
        var verification = new ServerVerification("tracking", anchors, NullLogger.Instance);

        verification.Accepts(host, certificate).ShouldBe(accepted);

        verification.Last!.Refusal.ShouldBe(accepted ? null : CertificateRefusals.WrongHost);
        verification.Last.Identity.ShouldBe(Identity);
    }

    [Theory]
    [InlineData("revoked", "its certificate is revoked.", "needs a new certificate")]
    [InlineData("for another host", "its certificate is not for 127.0.0.1, but for elsewhere.example, tracking.", "--dns")]
    [InlineData("for a host in its subject only", "its certificate is not for localhost, but for no host at all.", "--dns")]
    [InlineData("an officer's", "could not prove to be it.", "--anchors")]
    [InlineData("an officer's by the authority of services", "could not prove to be it.", "--anchors")]
    [InlineData("for clients only", "its certificate was not issued to a server.", "needs a new certificate")]
    [InlineData("expired", "its certificate ended on ", "exchange pki init")]
    [InlineData("not yet valid", "its certificate begins on ", "clock")]
    public async Task A_server_that_is_not_the_service_gets_no_question_and_the_user_is_told_why(string kind, string why, string remedy)
    {
        using var certificate = Make(kind);
        await using var server = await TlsServer.Start(certificate);

        var printed = await Ask(server, kind == "for a host in its subject only" ? "localhost" : "127.0.0.1");

        printed.ExitCode.ShouldBe(ExitCode.Unavailable, printed.Error);
        printed.Error.ShouldStartWith("exchange: What answers as Tracking at https://");
        printed.Error.ShouldContain("could not prove to be it");
        printed.Error.ShouldContain(why);
        printed.Error.Split('\n')[1].ShouldContain(remedy);
        server.Question.ShouldBeNull();
    }

    [Fact]
    public async Task The_status_says_which_certificate_was_shown_and_why_it_is_not_accepted()
    {
        using var certificate = Make("revoked");
        await using var server = await TlsServer.Start(certificate);

        var printed = await Run(server, "127.0.0.1", "status --format csv");

        printed.ExitCode.ShouldBe(ExitCode.Failed);
        var tracking = printed.Lines.Single(line => line.StartsWith("Tracking,", StringComparison.Ordinal));
        tracking.ShouldContain("its certificate is revoked.");
        tracking.ShouldContain(Identity);
    }

    [Fact]
    public async Task A_list_that_is_overdue_says_nothing_so_nobody_is_believed()
    {
        File.WriteAllText(Path.Combine(pki.RevocationLists, "service.crl"),
            pki.Authority("service").RevocationList(null, [], TimeSpan.FromSeconds(-1)));
        using var certificate = pki.Authority("service").Service("tracking", []);
        await using var server = await TlsServer.Start(certificate);

        var printed = await Ask(server, "127.0.0.1");

        printed.ExitCode.ShouldBe(ExitCode.Unavailable);
        printed.Error.ShouldContain("the revocation list of its authority is out of date.");
        printed.Error.Split('\n')[1].ShouldContain("service.crl");
        server.Question.ShouldBeNull();
    }

    [Fact]
    public async Task A_list_of_another_authority_is_not_taken_for_its_own()
    {
        File.WriteAllText(Path.Combine(pki.RevocationLists, "service.crl"),
            DevelopmentAuthority.Create("service", TimeProvider.System).RevocationList(null, []));
        using var certificate = pki.Authority("service").Service("tracking", []);
        await using var server = await TlsServer.Start(certificate);

        var printed = await Ask(server, "127.0.0.1");

        printed.ExitCode.ShouldBe(ExitCode.Unavailable);
        printed.Error.ShouldContain("the revocation list of its authority is not signed by it.");
        server.Question.ShouldBeNull();
    }

    [Fact]
    public async Task Without_a_list_nothing_is_called_and_the_user_is_told_where_it_belongs()
    {
        File.Delete(Path.Combine(pki.RevocationLists, "service.crl"));
        using var certificate = pki.Authority("service").Service("tracking", []);
        await using var server = await TlsServer.Start(certificate);

        var printed = await Ask(server, "127.0.0.1");

        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Error.ShouldContain($"The revocation list {Path.Combine(pki.RevocationLists, "service.crl")} does not exist.");
        printed.Error.Split('\n')[1].ShouldContain("--crl");
        server.Question.ShouldBeNull();
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("file")]
    [InlineData("variable")]
    public async Task The_list_may_lie_elsewhere(string given)
    {
        var lists = Directory.CreateDirectory(Path.Combine(folder.FullName, "elsewhere")).FullName;
        using var certificate = Make("revoked");
        File.Move(Path.Combine(pki.RevocationLists, "service.crl"), Path.Combine(lists, "service.crl"));
        await using var server = await TlsServer.Start(certificate);

        var printed = given switch
        {
            "variable" => await Run(server, "127.0.0.1", "turnaround", ("EXCHANGE_CRL", lists)),
            "file" => await Run(server, "127.0.0.1", $"turnaround --crl {Path.Combine(lists, "service.crl")}"),
            _ => await Run(server, "127.0.0.1", $"turnaround --crl {lists}"),
        };

        printed.ExitCode.ShouldBe(ExitCode.Unavailable, printed.Error);
        printed.Error.ShouldContain("its certificate is revoked.");
    }

    [Fact]
    public async Task An_anchor_may_be_a_file_of_any_name_with_its_list_beside_it()
    {
        var anchors = Directory.CreateDirectory(Path.Combine(folder.FullName, "other", "anchors")).FullName;
        var lists = Directory.CreateDirectory(Path.Combine(folder.FullName, "other", "crl")).FullName;
        File.Copy(Path.Combine(pki.Anchors, "service.pem"), Path.Combine(anchors, "trusted.pem"));
        File.Copy(Path.Combine(pki.RevocationLists, "service.crl"), Path.Combine(lists, "trusted.crl"));
        using var certificate = pki.Authority("service").Service("tracking", []);
        await using var server = await TlsServer.Start(certificate);
        var line = $"turnaround --anchors {Path.Combine(anchors, "trusted.pem")}";

        (await Run(server, "127.0.0.1", line)).ExitCode.ShouldBe(ExitCode.Ok);

        pki.Revoke(certificate);
        File.Copy(Path.Combine(pki.RevocationLists, "service.crl"), Path.Combine(lists, "trusted.crl"), overwrite: true);
        (await Run(server, "127.0.0.1", line)).Error.ShouldContain("its certificate is revoked.");
    }

    X509Certificate2 Make(string kind)
    {
        var services = pki.Authority("service");
        var now = TimeProvider.System.GetUtcNow();
        var order = new CertificateOrder
        {
            CommonName = "tracking",
            Identities = [Identity],
            DnsNames = ["localhost"],
            WithLoopback = true,
            ForClients = true,
            ForServers = true,
        };
        return kind switch
        {
            "revoked" => Revoked(services.Service("tracking", [])),
            "for another host" => services.Issue(order with { DnsNames = ["elsewhere.example", "tracking"], WithLoopback = false }),
            "for a host in its subject only" =>
                services.Issue(order with { CommonName = "localhost", DnsNames = [], WithLoopback = false }),
            "an officer's" => pki.Authority("BY").Officer(Officer),
            "an officer's by the authority of services" => services.Issue(order with { Identities = [Officer] }),
            "for clients only" => services.Issue(order with { ForServers = false }),
            "expired" => services.Issue(order with { From = now.AddDays(-2), Until = now.AddDays(-1) }),
            "not yet valid" => services.Issue(order with { From = now.AddDays(1) }),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such case."),
        };
    }

    X509Certificate2 Revoked(X509Certificate2 certificate)
    {
        pki.Revoke(certificate);
        return certificate;
    }

    Task<Printed> Ask(TlsServer server, string host) => Run(server, host, "turnaround");

    Task<Printed> Run(TlsServer server, string host, string line, params (string Name, string Value)[] variables)
    {
        var nobody = "https://localhost:1";
        var tracking = $"https://{host}:{server.Port}";
        File.WriteAllText(Path.Combine(folder.FullName, "client.json"), JsonSerializer.Serialize(
            new { requests = nobody, tracking, correlation = nobody, pki = ".", persona = "prosecutor" }));
        return Printed.By(line.Split(' '),
            variables.Append(("EXCHANGE_HOME", folder.FullName)).ToDictionary(variable => variable.Item1, variable => variable.Item2));
    }
}
