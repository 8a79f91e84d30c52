using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.System.Tests;

/// <summary>The journal as an auditor reads it: with nothing but the contract and a hash function.</summary>
[Collection(Guarded.Name)]
public sealed class AuditedJournal(GuardedExchange guarded) : IAsyncLifetime
{
    const byte FormatVersion = 1;

    public async ValueTask InitializeAsync()
    {
        foreach (var answered in new[] { "", "2011-01-10", "2011-01-11" })
        {
            (await guarded.Import(
                Written.Requests(
                    [.. Enumerable.Range(501, 5)
                        .Select(number => Written.Letter(
                            $"BY-2010-000{number}", ("responded_on", answered), ("outcome", answered.Length == 0 ? "" : "executed")))]),
                Written.Subjects("BY-2010-000501,victim,Ganna Audited,1980,,,,\n"))).ExitCode.ShouldBe(0);
        }
        await guarded.Stored();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Is_gapless_and_every_hash_follows_from_the_bytes()
    {
        var seal = new byte[SHA256.HashSizeInBytes];
        var heads = new Dictionary<string, (int Version, byte[] Hash)>();
        var entries = await Read(new());

        entries.Select(entry => entry.SealedNo).ShouldBe(Enumerable.Range(1, entries.Count).Select(number => (long)number));
        foreach (var entry in entries)
        {
            var hash = SHA256.HashData(entry.Canonical.Span);
            entry.EntryHash.ToByteArray().ShouldBe(hash);
            var number = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(number, entry.SealedNo);
            seal = SHA256.HashData([.. seal, .. number, .. hash]);
            entry.SealHash.ToByteArray().ShouldBe(seal);

            entry.Canonical[0].ShouldBe(FormatVersion);
            var content = JournalEntry.Parser.ParseFrom(entry.Canonical.Span[1..]);
            (content.Aggregate, content.Version).ShouldBe((entry.Aggregate, entry.Version));
            var (version, head) = heads.GetValueOrDefault(entry.Aggregate, (0, []));
            entry.Version.ShouldBe(version + 1);
            content.PreviousHash.ToByteArray().ShouldBe(head);
            heads[entry.Aggregate] = (entry.Version, hash);
        }
        heads.Values.Count(head => head.Version >= 3).ShouldBeGreaterThanOrEqualTo(5);
    }

    [Fact]
    public async Task A_changed_byte_breaks_the_chain()
    {
        var entry = (await Read(new() { ToSealedNo = 1 })).ShouldHaveSingleItem();
        var changed = entry.Canonical.ToByteArray();
        changed[^1] ^= 1;

        SHA256.HashData(changed).ShouldNotBe(entry.EntryHash.ToByteArray());
    }

    [Fact]
    public async Task Is_read_in_ranges_and_without_content_alike()
    {
        var all = await Read(new());

        (await Read(new() { FromSealedNo = 2, ToSealedNo = 4 })).ShouldBe(all.Skip(1).Take(3));
        foreach (var (bare, full) in (await Read(new() { View = JournalView.Basic })).Zip(all))
        {
            bare.Canonical.ShouldBeEmpty();
            (bare.SealedNo, bare.EntryHash, bare.SealHash).ShouldBe((full.SealedNo, full.EntryHash, full.SealHash));
        }
        (await RefusedCall.Of(() => Read(new() { FromSealedNo = -1, ToSealedNo = -2 }))).Fields.ShouldBe(
            ["from_sealed_no", "to_sealed_no"]);
    }

    [Fact]
    public async Task Its_head_is_signed_by_the_service_that_keeps_it()
    {
        var head = await guarded.As("operator").GetCheckpointAsync(new());
        using var certificate = X509CertificateLoader.LoadCertificate(head.Certificate.Span);
        var bare = head.Clone();
        bare.Signature = bare.Certificate = ByteString.Empty;
        using var key = certificate.GetECDsaPublicKey()!;

        key.VerifyData([FormatVersion, .. bare.ToByteArray()], head.Signature.Span, HashAlgorithmName.SHA256).ShouldBeTrue();
        head.Service.ShouldBe("exchange://service/requests");
        UrisOf(certificate).ShouldBe(["exchange://service/requests"]);
        using var anchor = X509CertificateLoader.LoadCertificateFromFile(guarded.Exchange.PathIn("anchors", "service.pem"));
        certificate.IssuerName.RawData.ShouldBe(anchor.SubjectName.RawData);
        (await Read(new() { FromSealedNo = head.SealedNo, ToSealedNo = head.SealedNo }))
            .ShouldHaveSingleItem().SealHash.ShouldBe(head.SealHash);
        bare.SealedNo++;
        key.VerifyData([FormatVersion, .. bare.ToByteArray()], head.Signature.Span, HashAlgorithmName.SHA256).ShouldBeFalse();
    }

    async Task<List<SealedEntry>> Read(ReadJournalRequest range)
    {
        using var call = guarded.As("operator").ReadJournal(range);
        return await call.ResponseStream.ReadAllAsync().ToListAsync();
    }

    static List<string> UrisOf(X509Certificate2 certificate)
    {
        var uri = new Asn1Tag(TagClass.ContextSpecific, 6);
        var names = new AsnReader(certificate.Extensions["2.5.29.17"]!.RawData, AsnEncodingRules.DER).ReadSequence();
        List<string> uris = [];
        while (names.HasData)
        {
            if (names.PeekTag() == uri)
                uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, uri));
            else
                names.ReadEncodedValue();
        }
        return uris;
    }
}
