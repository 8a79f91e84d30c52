using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Cli;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Exchange.Platform.Tests;

public sealed class RevocationLists : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("exchange-lists-").FullName;
    readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    readonly PkiFolder pki;
    readonly DevelopmentAuthority authority;
    readonly X509Certificate2 officer;

    public RevocationLists()
    {
        pki = new(folder, clock);
        pki.Initialise("BY", ["PL"], []);
        authority = pki.Authority("BY");
        officer = authority.Officer("exchange://BY/a/b/1?role=liaison");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_list_that_names_another_lets_the_officer_in()
    {
        pki.Revoke(authority.Officer("exchange://BY/a/b/2?role=liaison"));

        Anchors().Client(officer).Accepted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_list_is_read_as_PEM_and_as_DER(bool der)
    {
        var list = authority.RevocationList(null, [officer]);
        if (der)
            File.WriteAllBytes(List("BY"), Der(list));
        else
            File.WriteAllText(List("BY"), list);

        Anchors().Client(officer).Refusal.ShouldBe(CertificateRefusals.Revoked);
    }

    [Fact]
    public void A_list_signed_by_another_key_in_the_same_name_lets_nobody_in()
    {
        File.WriteAllText(List("BY"), DevelopmentAuthority.Create("BY", clock).RevocationList(null, []));

        Anchors().Client(officer).Refusal.ShouldBe(CertificateRefusals.RevocationListForged);
    }

    [Fact]
    public void A_list_changed_after_signing_lets_nobody_in()
    {
        var list = Der(authority.RevocationList(null, [officer]));
        var serial = officer.SerialNumberBytes.Span;
        list[list.AsSpan().IndexOf(serial) + serial.Length - 1] ^= 1;
        File.WriteAllBytes(List("BY"), list);

        Anchors().Client(officer).Refusal.ShouldBe(CertificateRefusals.RevocationListForged);
    }

    [Fact]
    public void The_list_of_another_authority_does_not_count()
    {
        File.Copy(List("PL"), List("BY"), overwrite: true);

        Anchors().Client(officer).Refusal.ShouldBe(CertificateRefusals.RevocationListMissing);
    }

    [Fact]
    public void Without_its_list_an_anchor_lets_nobody_in()
    {
        File.Delete(List("BY"));

        Anchors().Client(officer).Refusal.ShouldBe(CertificateRefusals.RevocationListMissing);
    }

    [Fact]
    public void An_overdue_list_lets_nobody_in()
    {
        File.WriteAllText(List("BY"), authority.RevocationList(null, [], TimeSpan.FromDays(1)));
        var anchors = Anchors();
        anchors.Client(officer).Accepted.ShouldBeTrue();

        clock.Advance(TimeSpan.FromDays(1));

        anchors.Client(officer).Refusal.ShouldBe(CertificateRefusals.RevocationListExpired);
    }

    [Theory]
    [InlineData("not a list")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")]
    [InlineData("0garbage that begins like DER")]
    public void An_unreadable_list_shuts_out_its_own_state_and_no_other(string content)
    {
        File.WriteAllText(List("BY"), content);
        using var liaison = PemFiles.Read(pki.Persona("liaison-pl") + ".pem");

        Anchors().Client(officer).Refusal.ShouldBe(CertificateRefusals.RevocationListUnreadable);
        Anchors().Client(liaison).Accepted.ShouldBeTrue();
    }

    [Fact]
    public void Without_a_folder_of_lists_nothing_is_asked_of_them()
    {
        pki.Revoke(officer);

        new TrustAnchors(pki.Anchors, null, CallerRole.OfOfficers, clock, NullLogger<TrustAnchors>.Instance).Client(officer)
            .Accepted.ShouldBeTrue();
    }

    [Fact]
    public void An_anchor_taken_away_is_no_longer_trusted_and_the_change_is_seen_by_the_next_second()
    {
        var anchors = Anchors();
        anchors.Client(officer).Accepted.ShouldBeTrue();
        File.Delete(Path.Combine(pki.Anchors, "BY.pem"));

        clock.Advance(TimeSpan.FromSeconds(1));

        anchors.Client(officer).Refusal.ShouldBe(CertificateRefusals.UnknownAnchor);
        anchors.States.ShouldBe(["PL"]);
    }

    [Fact]
    public void An_anchor_that_breaks_shuts_out_its_own_state_and_the_others_go_on_hearing_of_revocations()
    {
        var anchors = Anchors();
        using var liaison = PemFiles.Read(pki.Persona("liaison-pl") + ".pem");
        anchors.Client(liaison).Accepted.ShouldBeTrue();
        File.WriteAllText(Path.Combine(pki.Anchors, "PL.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        pki.Revoke(officer);

        clock.Advance(TimeSpan.FromSeconds(1));

        anchors.Client(liaison).Refusal.ShouldBe(CertificateRefusals.UnknownAnchor);
        anchors.Client(officer).Refusal.ShouldBe(CertificateRefusals.Revoked);
    }

    [Fact]
    public void An_authority_renewed_with_its_key_goes_on_vouching_for_what_it_issued()
    {
        clock.Advance(TimeSpan.FromDays(3));
        File.WriteAllText(Path.Combine(pki.Anchors, "BY.pem"), authority.Renewed().Certificate.ExportCertificatePem());

        Anchors().Client(officer).Accepted.ShouldBeTrue();
    }

    [Fact]
    public void An_officer_of_an_intermediate_authority_needs_the_lists_of_both()
    {
        var (root, middle) = TwoLevels("BY");
        using var issued = middle.Officer("exchange://BY/a/b/3?role=liaison");
        File.WriteAllText(Path.Combine(pki.Anchors, "BY.pem"),
            root.Certificate.ExportCertificatePem() + "\n" + middle.Certificate.ExportCertificatePem());

        File.WriteAllText(List("BY"), root.RevocationList(null, []));
        Anchors().Client(issued).Refusal.ShouldBe(CertificateRefusals.RevocationListMissing);
        File.WriteAllText(List("BY"), root.RevocationList(null, []) + middle.RevocationList(null, []));
        Anchors().Client(issued).Accepted.ShouldBeTrue();
        File.WriteAllText(List("BY"), root.RevocationList(null, []) + middle.RevocationList(null, [issued]));
        Anchors().Client(issued).Refusal.ShouldBe(CertificateRefusals.Revoked);
        File.WriteAllText(List("BY"), root.RevocationList(null, [middle.Certificate]) + middle.RevocationList(null, []));
        Anchors().Client(issued).Refusal.ShouldBe(CertificateRefusals.Revoked);
    }

    (DevelopmentAuthority Root, DevelopmentAuthority Middle) TwoLevels(string middleName)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = Ca("Root", rootKey).CreateSelfSigned(clock.GetUtcNow().AddDays(-1), clock.GetUtcNow().AddYears(5));
        using var middle = Ca(middleName, middleKey).Create(root, clock.GetUtcNow().AddDays(-1), clock.GetUtcNow().AddYears(2), [1, 2, 3]);
        return (new(root, clock), new(middle.CopyWithPrivateKey(middleKey), clock));
    }

    static CertificateRequest Ca(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    static byte[] Der(string pem) => Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);

    string List(string anchor) => Path.Combine(pki.RevocationLists, anchor + ".crl");

    TrustAnchors Anchors() => new(pki.Anchors, pki.RevocationLists, CallerRole.OfOfficers, clock, NullLogger<TrustAnchors>.Instance);
}
