using System.Text;
using Exchange.Testing;
using NSec.Cryptography;

namespace Exchange.Platform.Tests;

/// <summary>Heads of the journal as signed notes, and who is believed.</summary>
public sealed class SigningHeads : IDisposable
{
    // The note of the documentation of Go's package sumdb/note, which verifies it in its own example.
    const string PublicKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const string PublicNote = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        + "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    static readonly byte[] Root = new TestLog([MerkleTree.HashLeaf("one"u8)]).Root(1);

    readonly TestSigner keys = new();

    public void Dispose() => keys.Dispose();

    [Fact]
    public void A_public_note_is_read_and_its_key_has_the_public_id()
    {
        var read = SignedNote.Read(PublicNote).ShouldNotBeNull();
        var key = new NoteKey("PeterNeumann", NoteKey.Ed25519, Convert.FromBase64String(PublicKey.Split('+', 3)[2])[1..]);

        key.ToString().ShouldBe(PublicKey);
        var (name, id, signature) = read.Signatures.ShouldHaveSingleItem();
        (name, Convert.ToHexString(id)).ShouldBe((key.Name, Convert.ToHexString(key.Id)));
        IsSigned(key, read.Text, signature).ShouldBeTrue();
    }

    [Fact]
    public void A_head_is_signed_by_the_journals_own_key_and_by_the_certificates()
    {
        var note = keys.Signer.Sign(1, Root);

        var (text, signatures) = SignedNote.Read(note)!.Value;
        text.ShouldBe($"exchange/BY/requests\n1\n{Convert.ToBase64String(Root)}\n");
        signatures.Select(one => Convert.ToHexString(one.KeyId)).ShouldBe(
        [
            Convert.ToHexString(keys.Signer.OwnKey.Id),
            Convert.ToHexString(NoteKey.OfCertificate(keys.Signer.Origin, keys.Signer.Certificate).Id),
        ]);
        IsSigned(keys.Signer.OwnKey, text, signatures[0].Signature).ShouldBeTrue();
        var head = keys.Verifier.Verify(note, keys.Signer.Certificate.RawData, "exchange/BY/requests", "requests");
        (head.Size, Convert.ToHexString(head.Root)).ShouldBe((1, Convert.ToHexString(Root)));
    }

    [Fact]
    public void A_stored_head_is_signed_anew_only_where_a_key_has_changed()
    {
        var stored = new SealedHead(1, Root, DateTimeOffset.UnixEpoch, keys.Signer.Sign(1, Root));
        keys.Signer.Renew(stored).ShouldBe(stored.Note);

        var renewed = keys.SignerOf("tracking").Renew(stored);

        SignedNote.Read(renewed)!.Value.Text.ShouldStartWith("exchange/BY/tracking\n1\n");
    }

    public static TheoryData<string> Forgeries => [.. Forged.Keys];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void What_is_not_signed_by_the_service_that_is_followed_is_not_believed(string forgery)
    {
        var (note, certificate) = Forged[forgery](keys);

        var refusal = Should.Throw<Refusal>(() => keys.Verifier.Verify(note, certificate, "exchange/BY/requests", "requests"));

        (refusal.Kind, refusal.Reason).ShouldBe((RefusalKind.Damaged, "CHECKPOINT_WRONG"));
    }

    static readonly Dictionary<string, Func<TestSigner, (string Note, byte[] Certificate)>> Forged = new()
    {
        ["another size"] = keys => (keys.Signer.Sign(1, Root).Replace("\n1\n", "\n2\n", StringComparison.Ordinal), Own(keys)),
        ["no signature"] = keys => (new LogCheckpoint("exchange/BY/requests", 1, Root).ToString(), Own(keys)),
        ["no note"] = keys => ("exchange", Own(keys)),
        ["no certificate"] = keys => (keys.Signer.Sign(1, Root), [1, 2, 3]),
        ["another service"] = keys => (keys.SignerOf("tracking").Sign(1, Root), keys.SignerOf("tracking").Certificate.RawData),
        ["another installation"] = keys => (keys.SignerOf("requests", "PL").Sign(1, Root), Own(keys)),
        ["an officer"] = keys => (keys.Signer.Sign(1, Root),
            System.Security.Cryptography.X509Certificates.X509CertificateLoader
                .LoadCertificateFromFile(keys.Pki.Persona("prosecutor") + ".pem").RawData),
        ["a service that is revoked"] = keys =>
        {
            var note = keys.Signer.Sign(1, Root);
            keys.Pki.Revoke(keys.Signer.Certificate);
            return (note, Own(keys));
        },
    };

    static byte[] Own(TestSigner keys) => keys.Signer.Certificate.RawData;

    static bool IsSigned(NoteKey key, string text, byte[] signature) => SignatureAlgorithm.Ed25519.Verify(
        NSec.Cryptography.PublicKey.Import(SignatureAlgorithm.Ed25519, key.PublicKey, KeyBlobFormat.RawPublicKey),
        Encoding.UTF8.GetBytes(text), signature);
}
