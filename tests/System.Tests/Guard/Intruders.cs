using System.Security.Cryptography.X509Certificates;
using Exchange.Cli;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;

namespace Exchange.System.Tests;

/// <summary>
/// Certificates that must not open the door: it stays shut, the user is told so, and the log says why without saying who.
/// </summary>
[Collection(Guarded.Name)]
public sealed class Intruders(GuardedExchange guarded)
{
    const int NotAllowed = 5;
    const string Prosecutor = "exchange://BY/general-prosecutor/international/1001?role=prosecutor";

    readonly RunningExchange exchange = guarded.Exchange;

    [Theory]
    [InlineData("stranger", "unknown_anchor")]
    [InlineData("wrong state", "wrong_state")]
    [InlineData("expired", "expired")]
    [InlineData("not yet", "not_yet_valid")]
    [InlineData("nobody", "no_identity")]
    [InlineData("two", "several_identities")]
    [InlineData("server only", "not_a_client")]
    public async Task Stay_outside(string who, string logged)
    {
        var before = await guarded.Stored();
        var (certificate, key) = Keep(who, CertificateOf(who));
        var past = exchange.Requests.Output.Length;

        var import =
            await exchange.Try("register", "import", guarded.Folder("x"u8.ToArray()), "--observed-until", GuardedExchange.ObservedUntil,
            "--certificate", certificate, "--key", key);
        using var channel = TlsChannel.Open(exchange.Requests.Address, certificate, key, exchange.PathIn("anchors", "service.pem"));
        var call = await Should.ThrowAsync<RpcException>(
            async () => await new RequestRegistry.RequestRegistryClient(channel).ListRequestsAsync(new()));

        import.ExitCode.ShouldBe(NotAllowed, import.Errors);
        import.Errors.ShouldContain("did not accept your certificate.");
        call.StatusCode.ShouldBeOneOf(StatusCode.Unavailable, StatusCode.Internal);
        await Eventually.Holds(() => exchange.Requests.Output[past..].ShouldContain($"A client was refused: {logged}, certificate "));
        (await guarded.Stored()).ShouldBe(before);
    }

    [Fact]
    public async Task Are_kept_out_once_they_are_revoked()
    {
        var stem = Path.Combine(exchange.Home, "leaving");
        await exchange.Run(
            "pki", "issue", exchange.PathIn(), "--identity", "exchange://BY/general-prosecutor/international/1099?role=prosecutor",
            "--out", stem);
        Task<(int ExitCode, string Output, string Errors)> List() =>
            exchange.Try("request", "list", "--certificate", stem + ".pem", "--key", stem + ".key");
        (await List()).ExitCode.ShouldBe(0);

        await exchange.Run("pki", "revoke", exchange.PathIn(), stem + ".pem");

        await Eventually.Holds(async () => (await List()).ExitCode.ShouldBe(NotAllowed));
        exchange.Requests.Output.ShouldContain("A client was refused: revoked, certificate ");
    }

    X509Certificate2 CertificateOf(string who)
    {
        var now = TimeProvider.System.GetUtcNow();
        var officer = new CertificateOrder { CommonName = "1001", Identities = [Prosecutor], ForClients = true };
        return who switch
        {
            "stranger" => DevelopmentAuthority.Create("BY", TimeProvider.System).Issue(officer),
            "wrong state" => Authority("PL").Issue(officer),
            "expired" => Authority("BY").Issue(officer with { From = now.AddDays(-30), Until = now.AddDays(-1) }),
            "not yet" => Authority("BY").Issue(officer with { From = now.AddDays(1) }),
            "nobody" => Authority("BY").Issue(officer with { Identities = [] }),
            "two" => Authority("BY")
                .Issue(officer with { Identities = [Prosecutor, Prosecutor.Replace("1001", "1002", StringComparison.Ordinal)] }),
            _ => Authority("BY").Issue(officer with { ForClients = false, ForServers = true }),
        };
    }

    DevelopmentAuthority Authority(string state) => new(
        X509Certificate2.CreateFromPemFile(exchange.PathIn("authorities", state + ".pem"), exchange.PathIn("authorities", state + ".key")),
        TimeProvider.System);

    (string Certificate, string Key) Keep(string who, X509Certificate2 certificate)
    {
        var stem = Path.Combine(exchange.Home, who.Replace(' ', '-'));
        File.WriteAllText(stem + ".pem", certificate.ExportCertificatePem());
        File.WriteAllText(stem + ".key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (stem + ".pem", stem + ".key");
    }
}
