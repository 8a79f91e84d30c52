using System.Security.Cryptography.X509Certificates;
using System.Text;
using Exchange.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Exchange.Platform.Tests;

/// <summary>What the verifier believes, and each way in which somebody could try to be believed.</summary>
public sealed class VerifyingMessages : IDisposable
{
    const string Owner = "owner";

    readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    readonly ServiceIdentities services;
    readonly X509Certificate2 certificate;
    readonly MessageSigner signer;
    readonly MessageVerifier verifier;

    public VerifyingMessages()
    {
        services = new(time);
        certificate = services.Certificate(Owner);
        signer = services.Signer(Owner, certificate);
        verifier = new(services.Anchors, time);
    }

    public void Dispose()
    {
        certificate.Dispose();
        services.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    public void Each_message_of_a_group_is_believed_and_no_other(int size)
    {
        var group = Group(size);

        foreach (var message in group)
            Verify(message).ShouldBeNull();
        Verify(group[0] with { Proof = group[^1].Proof }).ShouldBe(size == 1 ? null : MessageVerifier.NotInGroup);
    }

    [Fact]
    public void A_changed_body_another_id_and_another_type_are_not_what_was_signed()
    {
        var message = Group(5)[3];

        Verify(message with { Body = [.. message.Body[..^1], (byte)' ', message.Body[^1]] }).ShouldBe(MessageVerifier.NotInGroup);
        Verify(message with { Id = Guid.CreateVersion7() }).ShouldBe(MessageVerifier.NotInGroup);
        Verify(message, "OtherType").ShouldBe(MessageVerifier.NotInGroup);
        // The id says where an effect is noted, and so is part of it.
        Verify(message).ShouldBeNull();
    }

    [Fact]
    public void Another_service_cannot_speak_for_the_owner()
    {
        var other = services.Certificate("other");

        // As itself, and as if it were the owner, under its own certificate and under the owner's.
        Verify(services.Signer("other", other).Sign([Message()])[0]).ShouldBe(MessageVerifier.WrongService);
        var posing = new MessageSigner(Owner, () => other).Sign([Message()])[0];
        Verify(posing).ShouldBe(MessageVerifier.WrongService);
        Verify(posing with { Proof = posing.Proof! with { Certificate = certificate.RawData } }).ShouldBe(MessageVerifier.WrongSignature);
    }

    [Fact]
    public void A_certificate_of_another_authority_is_nobody_s()
    {
        using var strangers = new ServiceIdentities(time);

        Verify(strangers.Signer(Owner).Sign([Message()])[0]).ShouldBe(CertificateRefusals.UnknownAnchor);
    }

    [Fact]
    public void Without_a_proof_or_with_a_broken_one_nothing_is_believed()
    {
        var message = Group(4)[1];

        VerifyEnvelope(new(message.Id, message.Body, null, null)).ShouldBe(MessageVerifier.NoProof);
        VerifyEnvelope(new(message.Id, message.Body, message.Proof!.Bytes, null)).ShouldBe(MessageVerifier.NoProof);
        VerifyEnvelope(new(message.Id, message.Body, message.Proof.Bytes, [1, 2, 3])).ShouldBe(MessageVerifier.NoProof);
        for (var i = 0; i < message.Proof.Bytes.Length; i++)
        {
            var changed = message.Proof.Bytes.ToArray();
            changed[i] ^= 1;
            VerifyEnvelope(new(message.Id, message.Body, changed, message.Proof.Certificate)).ShouldNotBeNull($"byte {i}");
            VerifyEnvelope(new(message.Id, message.Body, changed[..i], message.Proof.Certificate)).ShouldNotBeNull($"{i} bytes");
        }
        Verify(message).ShouldBeNull();
    }

    [Fact]
    public void What_was_signed_with_a_certificate_that_was_revoked_since_is_no_longer_believed_although_its_root_is_remembered()
    {
        var group = Group(2);
        Verify(group[0]).ShouldBeNull();

        services.Revoke(certificate);
        time.Advance(TimeSpan.FromSeconds(2));

        Verify(group[1]).ShouldBe(CertificateRefusals.Revoked);
        Verify(Group(1)[0]).ShouldBe(CertificateRefusals.Revoked);
        // Its successor is.
        Verify(services.Signer(Owner).Sign([Message()])[0]).ShouldBeNull();
    }

    [Fact]
    public void An_expired_certificate_signs_nothing_that_is_believed()
    {
        var message = Group(1)[0];
        Verify(message).ShouldBeNull();

        time.Advance(certificate.NotAfter - time.GetUtcNow() + TimeSpan.FromDays(1));
        services.WriteList();

        Verify(message).ShouldBe(CertificateRefusals.Expired);
    }

    [Fact]
    public void Where_nobody_knows_what_was_revoked_a_message_waits_and_is_not_called_forged()
    {
        services.LoseList();
        time.Advance(TimeSpan.FromSeconds(2));

        Transient.IsTransient(Should.Throw<Refusal>(() => Verify(Group(1)[0]))).ShouldBeTrue();
        services.WriteList();
        time.Advance(TimeSpan.FromSeconds(2));

        Verify(Group(1)[0]).ShouldBeNull();
    }

    [Fact]
    public void What_the_key_signs_for_another_purpose_is_no_signature_of_a_group()
    {
        var root = MerkleTree.HashLeaf([1]);
        var signed = GroupProof.SignedBytes(Owner, 1, root);

        // As far as a note's first line could go, and the version bytes of canonical bytes and the blanks of a handshake.
        Encoding.UTF8.GetString(signed).ShouldStartWith("exchange/messages/v1\0owner\0");
        signed[0].ShouldBeGreaterThan((byte)' ');
        Should.Throw<ArgumentException>(() => SignedNote.Sign(Encoding.Latin1.GetString(signed) + "\n", []));
    }

    [Fact]
    public void An_envelope_gives_back_the_very_bytes_that_were_signed_whatever_stands_beside_them()
    {
        var body = Encoding.UTF8.GetBytes("""{ "id" : "\u0041" , "note": "Мінск" }""");
        var message = signer.Sign([Message() with { Body = body }])[0];
        var written = SignedEnvelope.Write(message, typeof(ItemChanged));

        SignedEnvelope.Read(written).Message.ToArray().ShouldBe(body);
        // Somebody puts another message and another id in front: the last ones count, and those were signed.
        byte[] more = [.. "{\"message\":{},\"messageId\":\"no id\",\"headers\":{\"a\":[1]},"u8, .. written.AsSpan(1)];
        VerifyEnvelope(SignedEnvelope.Read(more)).ShouldBeNull();
        // And behind.
        byte[] behind = [.. written.AsSpan(0, written.Length - 1), .. ",\"message\":{}}"u8];
        VerifyEnvelope(SignedEnvelope.Read(behind)).ShouldBe(MessageVerifier.NotInGroup);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"message":{"a":"\ud800"},"\udc00":{}}""")]
    public void What_is_no_message_is_said_to_be_none(string body) =>
        Should.Throw<System.Text.Json.JsonException>(() => SignedEnvelope.Read(Encoding.UTF8.GetBytes(body)));

    OutboxMessage Message() => new(Guid.CreateVersion7(), nameof(ItemChanged), "{\"a\":1}"u8.ToArray(), null, null);

    IReadOnlyList<OutboxMessage> Group(int size) => signer.Sign([.. Enumerable.Range(0, size).Select(_ => Message())]);

    /// <summary>The reason for which it is not believed; null where it is.</summary>
    string? Verify(OutboxMessage message, string type = nameof(ItemChanged)) =>
        VerifyEnvelope(new(message.Id, message.Body, message.Proof!.Bytes, message.Proof.Certificate), type);

    string? VerifyEnvelope(SignedEnvelope envelope, string type = nameof(ItemChanged))
    {
        try
        {
            verifier.Verify(envelope, Owner, type);
            return null;
        }
        catch (UnverifiedMessageException refused)
        {
            return refused.Reason;
        }
    }
}
