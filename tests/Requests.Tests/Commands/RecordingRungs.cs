using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Cli;
using Exchange.Client;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace Exchange.Requests.Tests;

/// <summary>
/// Tracking tells of a rung, and Requests believes the officer: what he did not sign enters no record and no inbox, whoever tells of it.
/// </summary>
public sealed class RecordingRungs : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("exchange-rungs-").FullName;
    readonly PkiFolder pki;
    LifecycleFixture fixture = null!;
    RungConfirmedConsumer consumer = null!;
    RequestState sent = null!;

    public RecordingRungs() => pki = new(folder, TimeProvider.System);

    public async ValueTask InitializeAsync()
    {
        pki.Initialise("BY", ["PL"], []);
        fixture = await LifecycleFixture.Open();
        var anchors = new TrustAnchors(
            pki.Anchors, pki.RevocationLists, CallerRole.OfOfficers, TimeProvider.System, NullLogger<TrustAnchors>.Instance);
        consumer = new(new(anchors), fixture.Store, fixture.FollowUps, NullLogger<RungConfirmedConsumer>.Instance);
        sent = await fixture.Sent();
    }

    public async ValueTask DisposeAsync()
    {
        await fixture.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task One_that_an_officer_signed_is_recorded_once_with_his_signature()
    {
        var rung = Told(Question());

        await consumer.Consume([rung, rung], default);
        await consumer.Consume([rung], default);

        (await fixture.Known(sent.Id)).Facts.Reminders.ShouldHaveSingleItem().RemindedOn.ShouldBe(rung.TakenOn);
        var entry = (await fixture.Entries(sent.Id))[^1];
        (entry.Step, entry.Actor.Identity).ShouldBe((StepCode.Remind, rung.ConfirmedBy.Identity));
        ActSigning.Fault(entry.Signature, entry.Actor.Certificate).ShouldBeNull();
        CanonicalBytes.Parse(entry.Signature.Content.Span, RungAct.Parser).Partner.ShouldBe("PL");
    }

    [Fact]
    public async Task One_by_its_human_reference_is_as_good() =>
        await Recorded(Told(Question(request: "requests/" + sent.Facts.Reference)));

    [Fact]
    public async Task What_no_officer_signed_is_recorded_for_no_request()
    {
        var good = Told(Question());
        var other = await fixture.Sent();
        var later = Question();
        later.Rung = Rung.SecondReminder;

        await Refused(good with { Signature = null! }, "there is none");
        // Another rung, another name, another day is no other act: only what he signed is taken from the message, and its day.
        await Refused(good with { Rung = Rung.CentralAuthority }, "another rung");
        await Refused(good with { Name = $"rungs/{Guid.CreateVersion7()}" }, "another rung");
        await Refused(good with { Signature = Told(later).Signature }, "another rung");
        await Refused(good with { Requests = [.. good.Requests, RequestId.NameOf(other.Id)] }, "did not name this request");
        await Refused(good with { ConfirmedBy = new() { Identity = "exchange://BY/general-prosecutor/international/9?role=prosecutor" } },
            "somebody else");
        await Refused(Changed(good, signature => signature.Value = ByteString.CopyFrom(new byte[64])), "not that of the certificate's key");
        await Refused(Changed(good, signature => signature.Certificate = ByteString.CopyFromUtf8("none")), "without a certificate");
        (await fixture.Known(other.Id)).Facts.Reminders.ShouldBeEmpty();
        await Recorded(good);
    }

    [Fact]
    public async Task Nobody_but_an_officer_of_the_requesting_state_who_may_has_a_say()
    {
        await Refused(Told(Question(), persona: "investigator"), "by a prosecutor or a liaison officer");
        await Refused(Told(Question(), persona: "liaison-pl"), "of another state");
        await Refused(Told(Question(partner: "LT")), "to another partner");
        // Tracking's own key, and that of an authority of somebody's making.
        await Refused(Told(Question(), Certificate(pki.Service("tracking"))), "by a prosecutor or a liaison officer");
        var strangers = new PkiFolder(Path.Combine(folder, "strangers"), TimeProvider.System);
        strangers.Initialise("BY", ["PL"], []);
        await Refused(Told(Question(), Certificate(strangers.Persona("prosecutor"))), CertificateRefusals.UnknownAnchor);
    }

    [Fact]
    public async Task An_officer_whose_certificate_was_revoked_takes_no_rung()
    {
        var rung = Told(Question());
        using var certificate = Certificate(pki.Persona("prosecutor"));
        pki.Revoke(certificate);

        await Refused(rung, CertificateRefusals.Revoked);
    }

    [Fact]
    public async Task A_damaged_request_keeps_it_from_no_other()
    {
        var (damaged, other) = (await fixture.Sent(), await fixture.Sent());
        var question = Question();
        question.Requests.Add([RequestId.NameOf(damaged.Id), RequestId.NameOf(other.Id)]);
        var rung = Told(question) with
        {
            Requests = [RequestId.NameOf(damaged.Id), RequestId.NameOf(sent.Id), RequestId.NameOf(other.Id)],
        };
        await fixture.Damage(damaged.Id);

        (await Should.ThrowAsync<Refusal>(() => consumer.Consume([rung], default))).Kind.ShouldBe(RefusalKind.Damaged);

        foreach (var sound in new[] { sent, other })
            (await fixture.Known(sound.Id)).Facts.Reminders.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_entry_that_its_readers_would_refuse_is_refused_for_good_and_not_written()
    {
        var before = await fixture.Everything();
        var step = new Step { OccurredOn = "2026-03-02", Reminded = new() { Rung = Rung.Reminder, Taken = "rungs/none" } };

        var refusal = await Should.ThrowAsync<Refusal>(() => fixture.FollowUps.Take(sent.Id, StepCode.Remind, "nobody's",
            RequestState.ActorOf(LifecycleFixture.Prosecutor.Caller), step, default));

        (refusal.Reason, Transient.IsRefusedForGood(refusal)).ShouldBe(("ENTRY_UNSOUND", true));
        refusal.Message.ShouldContain(RequestId.NameOf(sent.Id));
        (await fixture.Everything()).ShouldBe(before);
    }

    async Task Recorded(RungConfirmed rung)
    {
        await consumer.Consume([rung], default);
        (await fixture.Known(sent.Id)).Facts.Reminders.Count.ShouldBe(1);
    }

    async Task Refused(RungConfirmed rung, string why)
    {
        var before = await fixture.Everything();
        var refusal = await Should.ThrowAsync<Refusal>(() => consumer.Consume([rung], default));
        refusal.Reason.ShouldBe("SIGNATURE_WRONG");
        refusal.Message.ShouldContain(why);
        Transient.IsTransient(refusal).ShouldBeFalse();
        (await fixture.Everything()).ShouldBe(before);
    }

    TakeRungRequest Question(string partner = "PL", string request = "") => new()
    {
        Partner = partner, Rung = Rung.Reminder, Requests = { request.Length > 0 ? request : RequestId.NameOf(sent.Id) },
        Letter = "We remind you.", CommandId = Officer.NewId(),
    };

    /// <summary>As Tracking tells of it.</summary>
    RungConfirmed Told(TakeRungRequest question, X509Certificate2? certificate = null, string persona = "prosecutor")
    {
        using var own = certificate ?? Certificate(pki.Persona(persona));
        var signature = Officer.SignRung(question, own).Signature;
        return new($"rungs/{RungSigning.IdOf(signature)}", question.Rung, "2026-03-02", [RequestId.NameOf(sent.Id)], new()
        {
            Identity = TrustAnchors.IdentityOf(own, CallerRole.OfOfficers)!.ToString(),
            Certificate = own.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(),
        }, signature);
    }

    static RungConfirmed Changed(RungConfirmed rung, Action<Signature> change)
    {
        var signature = rung.Signature.Clone();
        change(signature);
        return rung with { Signature = signature };
    }

    static X509Certificate2 Certificate(string stem) => X509Certificate2.CreateFromPemFile(stem + ".pem", stem + ".key");
}
