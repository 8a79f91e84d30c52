using System.Security.Cryptography.X509Certificates;
using Exchange.Platform;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Exchange.Cli.Tests;

public sealed class KeepingAFolder : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("exchange-pki-").FullName;
    readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_new_folder_holds_what_an_installation_needs()
    {
        Folder().Initialise("BY", ["PL"], []);

        Files().ShouldBe(
        [
            "anchors/BY.pem", "anchors/PL.pem", "anchors/service.pem",
            "authorities/BY.key", "authorities/BY.pem", "authorities/PL.key", "authorities/PL.pem",
            "authorities/service.key", "authorities/service.pem",
            "crl/BY.crl", "crl/PL.crl", "crl/service.crl",
            "keys/service.key",
            "personas/investigator.key", "personas/investigator.pem",
            "personas/liaison-pl-2.key", "personas/liaison-pl-2.pem", "personas/liaison-pl.key", "personas/liaison-pl.pem",
            "personas/operator.key", "personas/operator.pem",
            "personas/prosecutor-2.key", "personas/prosecutor-2.pem", "personas/prosecutor.key", "personas/prosecutor.pem",
            "services/correlation.checkpoint.key", "services/correlation.key", "services/correlation.pem",
            "services/requests.checkpoint.key", "services/requests.key", "services/requests.pem",
            "services/tracking.checkpoint.key", "services/tracking.key", "services/tracking.pem",
        ]);
    }

    [Theory]
    [InlineData("personas/investigator", "exchange://BY/ministry-of-interior/trafficking/2001?role=investigator")]
    [InlineData("personas/prosecutor", "exchange://BY/general-prosecutor/international/1001?role=prosecutor")]
    [InlineData("personas/prosecutor-2", "exchange://BY/general-prosecutor/international/1002?role=prosecutor")]
    [InlineData("personas/operator", "exchange://BY/general-prosecutor/it/3001?role=operator")]
    [InlineData("personas/liaison-pl", "exchange://PL/embassy-minsk/liaison/4001?role=liaison")]
    [InlineData("personas/liaison-pl-2", "exchange://PL/embassy-minsk/liaison/4002?role=liaison")]
    [InlineData("services/requests", "exchange://service/requests")]
    [InlineData("services/tracking", "exchange://service/tracking")]
    [InlineData("services/correlation", "exchange://service/correlation")]
    public void Everybody_in_it_is_admitted_under_his_own_identity(string stem, string identity)
    {
        var pki = Folder();
        pki.Initialise("BY", ["PL"], []);

        var decision = Anchors(pki).Client(Certificate(stem));

        decision.Caller?.ToString().ShouldBe(identity);
    }

    [Fact]
    public void Services_are_good_as_servers_on_every_name_given()
    {
        var pki = Folder();
        pki.Initialise("BY", [], ["requests.exchange.svc"]);
        var certificate = Certificate("services/requests");

        Anchors(pki).Server(certificate, "requests").Accepted.ShouldBeTrue();
        foreach (var host in new[] { "localhost", "requests", "requests.exchange.svc", "127.0.0.1", "::1" })
            certificate.MatchesHostname(host).ShouldBeTrue(host);
        certificate.MatchesHostname("tracking").ShouldBeFalse();
    }

    [Fact]
    public void Keys_are_for_their_owner_only()
    {
        Folder().Initialise("BY", ["PL"], []);

        var keys = Files().Where(f => f.EndsWith(".key", StringComparison.Ordinal)).ToList();

        keys.Count.ShouldBe(16);
        foreach (var key in keys)
            new FileInfo(Path.Combine(folder, key)).UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, key);
    }

    [Fact]
    public void The_service_key_has_32_bytes()
    {
        var pki = Folder();
        pki.Initialise("BY", [], []);

        Convert.FromBase64String(File.ReadAllText(pki.ServiceKey)).Length.ShouldBe(32);
    }

    [Fact]
    public void A_second_time_there_is_nothing_to_do()
    {
        Folder().Initialise("BY", ["PL"], ["one.example"]);
        var before = Contents();

        Folder().Initialise("BY", ["PL"], ["one.example"]).ShouldBeEmpty();
        Folder().Initialise(null, [], []).ShouldBeEmpty();

        Contents().ShouldBe(before);
    }

    [Fact]
    public void A_further_partner_and_a_further_name_are_added_and_the_rest_stays()
    {
        Folder().Initialise("BY", ["PL"], ["one.example"]);
        var before = Contents();

        Folder().Initialise("BY", ["LT"], ["two.example"]);

        File.Exists(Path.Combine(folder, "personas/liaison-lt.pem")).ShouldBeTrue();
        Certificate("services/requests").MatchesHostname("one.example").ShouldBeTrue();
        Certificate("services/requests").MatchesHostname("two.example").ShouldBeTrue();
        var after = Contents();
        before.Where(f => !f.Key.StartsWith("services/", StringComparison.Ordinal)).ShouldAllBe(f => after[f.Key] == f.Value);
    }

    [Fact]
    public void What_ends_within_30_days_is_renewed_and_the_rest_stays()
    {
        var pki = Folder();
        pki.Initialise("BY", ["PL"], ["one.example"]);
        var before = Contents();

        clock.Advance(TimeSpan.FromDays(334));
        pki.Initialise("BY", ["PL"], []).ShouldBeEmpty();
        clock.Advance(TimeSpan.FromDays(2));
        var done = pki.Initialise("BY", ["PL"], []);

        done.Count(d => d.StartsWith("renewed ", StringComparison.Ordinal)).ShouldBe(3 + 6 + 3);
        var after = Contents();
        after.Where(f => before[f.Key] == f.Value).Select(f => f.Key.Split('/')[0]).Distinct()
            .ShouldBe(["anchors", "authorities", "keys", "services"]);
        after.Keys.Where(f => f.StartsWith("services/", StringComparison.Ordinal) && before[f] == after[f])
            .ShouldAllBe(f => f.EndsWith(".checkpoint.key", StringComparison.Ordinal));
        Certificate("services/requests").MatchesHostname("one.example").ShouldBeTrue();
        Anchors(pki).Client(Certificate("personas/prosecutor")).Accepted.ShouldBeTrue();
    }

    [Fact]
    public void A_renewed_authority_stands_by_what_it_issued_and_what_it_revoked()
    {
        var pki = Folder();
        pki.Initialise("BY", [], []);
        var good = Certificate("personas/investigator");
        using var bad = pki.Authority("BY").Officer("exchange://BY/a/b/1?role=operator");
        pki.Revoke(bad);

        clock.Advance(TimeSpan.FromDays(3650 - 10));
        pki.Initialise("BY", [], []).ShouldContain(d => d.EndsWith("authorities/BY.pem", StringComparison.Ordinal));

        pki.Authority("BY").Issued(good).ShouldBeTrue();
        RevocationList.Read(File.ReadAllBytes(Path.Combine(pki.RevocationLists, "BY.crl")))[0].Revokes(bad).ShouldBeTrue();
    }

    [Fact]
    public void No_officer_is_issued_a_certificate_by_another_state()
    {
        var pki = Folder();
        pki.Initialise("BY", ["PL"], []);

        Should.Throw<ArgumentException>(() => pki.Authority("PL").Officer("exchange://BY/a/b/1?role=prosecutor"));
        Should.Throw<ArgumentException>(() => pki.Authority("PL").Officer("exchange://service/requests"));
    }

    PkiFolder Folder() => new(folder, clock);

    TrustAnchors Anchors(PkiFolder pki) =>
        new(pki.Anchors, pki.RevocationLists, CallerRole.OfOfficers, clock, NullLogger<TrustAnchors>.Instance);

    X509Certificate2 Certificate(string stem) => PemFiles.Read(Path.Combine(folder, stem + ".pem"));

    IEnumerable<string> Files() => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal);

    Dictionary<string, string> Contents() => Files().ToDictionary(f => f, f => File.ReadAllText(Path.Combine(folder, f)));
}
