using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;

namespace Exchange.System.Tests;

/// <summary>The journal as an auditor reads it: with nothing but the contract and a hash function.</summary>
[Collection(Guarded.Name)]
public sealed class AuditedJournal(GuardedExchange guarded) : IAsyncLifetime
{
    const byte Format = 2;

    // The format and 16 random bytes.
    const int MessageAt = 17;

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
        var heads = new Dictionary<string, (int Version, byte[] Hash)>();
        var entries = await Read(new());

        entries.Select(entry => entry.SealedNo).ShouldBe(Enumerable.Range(1, entries.Count).Select(number => (long)number));
        foreach (var entry in entries)
        {
            entry.EntryHash.ToByteArray().ShouldBe(HashOf(entry.Canonical.Span));
            entry.Canonical[0].ShouldBe(Format);
            var content = JournalEntry.Parser.ParseFrom(entry.Canonical.Span[MessageAt..]);
            (content.Aggregate, content.Version).ShouldBe((entry.Aggregate, entry.Version));
            var (version, head) = heads.GetValueOrDefault(entry.Aggregate, (0, []));
            entry.Version.ShouldBe(version + 1);
            content.PreviousHash.ToByteArray().ShouldBe(head);
            heads[entry.Aggregate] = (entry.Version, entry.EntryHash.ToByteArray());
        }
        heads.Values.Count(head => head.Version >= 3).ShouldBeGreaterThanOrEqualTo(5);
    }

    [Fact]
    public async Task A_changed_byte_breaks_the_chain()
    {
        var entry = (await Read(new() { ToSealedNo = 1 })).ShouldHaveSingleItem();
        var changed = entry.Canonical.ToByteArray();
        changed[^1] ^= 1;

        HashOf(changed).ShouldNotBe(entry.EntryHash.ToByteArray());
    }

    [Fact]
    public async Task Is_read_in_ranges_and_without_content_alike()
    {
        var all = await Read(new());

        (await Read(new() { FromSealedNo = 2, ToSealedNo = 4 })).ShouldBe(all.Skip(1).Take(3));
        foreach (var (bare, full) in (await Read(new() { View = JournalView.Basic })).Zip(all))
        {
            bare.Canonical.ShouldBeEmpty();
            (bare.SealedNo, bare.EntryHash).ShouldBe((full.SealedNo, full.EntryHash));
        }
        (await RefusedCall.Of(() => Read(new() { FromSealedNo = -1, ToSealedNo = -2 }))).Fields.ShouldBe(
            ["from_sealed_no", "to_sealed_no"]);
    }

    [Fact]
    public async Task Its_head_is_signed_by_the_service_that_keeps_it_and_covers_every_entry()
    {
        var auditor = guarded.As("operator");
        var head = await auditor.GetCheckpointAsync(new());
        using var certificate = X509CertificateLoader.LoadCertificate(head.Certificate.Span);
        UrisOf(certificate).ShouldBe(["exchange://service/requests"]);
        using var anchor = X509CertificateLoader.LoadCertificateFromFile(guarded.Exchange.PathIn("anchors", "service.pem"));
        certificate.IssuerName.RawData.ShouldBe(anchor.SubjectName.RawData);

        // The note: text, an empty line, signatures. Each line of those ends with key id and signature in base64.
        var end = head.Note.IndexOf("\n\n", StringComparison.Ordinal) + 1;
        var text = head.Note[..end];
        text.ShouldBe($"exchange/BY/requests\n{head.SealedNo}\n{Convert.ToBase64String(head.Root.Span)}\n");
        using var key = certificate.GetECDsaPublicKey()!;
        var id = SHA256.HashData(key.ExportSubjectPublicKeyInfo())[..4];
        var signature = head.Note[end..].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Convert.FromBase64String(line.Split(' ')[2])).Single(bytes => bytes.AsSpan(0, 4).SequenceEqual(id))[4..];
        key.VerifyData(Encoding.UTF8.GetBytes(text), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            .ShouldBeTrue();

        var leaves = (await Read(new() { ToSealedNo = head.SealedNo })).Select(entry => entry.EntryHash.ToByteArray()).ToList();
        var log = new TestLog(leaves);
        head.Root.ToByteArray().ShouldBe(log.Root(head.SealedNo));
        var proof = await auditor.ProveInclusionAsync(new() { SealedNo = 2, Size = head.SealedNo });
        proof.Hashes.Select(hash => hash.ToByteArray()).ShouldBe(log.Inclusion(2, head.SealedNo));
        (await auditor.GetCheckpointAsync(new() { Known = 3 })).Consistency.Count.ShouldBeGreaterThan(0);
        (await RefusedCall.Of(async () => await auditor.ProveConsistencyAsync(new() { Older = 0, Newer = head.SealedNo + 1_000_000 })))
            .Fields.ShouldBe(["older", "newer"]);
    }

    // RFC 6962, 2.1: of a leaf.
    static byte[] HashOf(ReadOnlySpan<byte> canonical) => SHA256.HashData([0, .. canonical]);

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
