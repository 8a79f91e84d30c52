using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.System.Tests.Faults;
using Exchange.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Exchange.System.Tests;

/// <summary>
/// Somebody gets to the broker as its administrator and publishes what he likes: no figure moves, no act enters the record, no partner is
/// told, and what he sent lies with the operators.
/// </summary>
public sealed class ForgedMessages : IAsyncLifetime
{
    const string Changed = "Exchange.Contracts:RequestChanged";
    const string Taken = "Exchange.Contracts:RungConfirmed";

    MovedExchange moved = null!;

    public async ValueTask InitializeAsync() => moved = await MovedExchange.Start();

    public async ValueTask DisposeAsync() => await moved.DisposeAsync();

    [Fact]
    public async Task Change_no_figure_and_are_set_aside_for_the_operators()
    {
        await using var heard = await RawListener.At(moved.Exchange.Broker, Changed);
        var request = await moved.Send("PL");
        await moved.Exchange.Settled();
        var before = await Figures();
        before.ShouldContain("PL");
        var answered = request.Facts.Clone();
        (answered.Version, answered.Status) = (1_000_000, Exchange.Requests.V1.Status.Executed);
        (answered.CaseNumber, answered.RequestingAuthority) = ("", "");
        answered.Answers.Add(new Answer { AnsweredOn = MovedExchange.Iso(moved.Today), Outcome = Outcome.Executed });
        var forged = new RequestChanged(answered.Request, answered.Version, answered);
        var good = heard.Bodies.Last(body => Encoding.UTF8.GetString(body).Contains(request.Name));

        // By nobody, by Tracking with its own key, as if it were Requests under a key that it made, and a true one that was changed.
        await Publish(JsonSerializer.SerializeToUtf8Bytes(new
        {
            messageId = Guid.CreateVersion7(), messageType = (string[])["urn:message:Exchange.Contracts:RequestChanged"], message = forged,
        }, ContractJson.Options));
        await Publish(ServiceIdentities.Envelope(moved.Exchange.Signer("tracking"), forged));
        await Publish(ServiceIdentities.Envelope(ServiceIdentities.AnySigner("requests"), forged));
        await Publish(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(good).Replace(request.Facts.TransmittedOn, "1999-01-01")));
        // And all that was ever said once more: it is true, and old.
        foreach (var old in heard.Bodies.ToList())
            await Publish(old);

        foreach (var service in (string[])["tracking", "correlation"])
        {
            await Eventually.Holds(async () => (await Causes(service)).ShouldBe(
            [
                "UnverifiedMessageException: no_proof", "UnverifiedMessageException: not_in_group",
                "UnverifiedMessageException: unknown_anchor", "UnverifiedMessageException: wrong_service",
            ]));
        }
        await moved.Exchange.Settled();
        (await Figures()).ShouldBe(before);
        (await moved.Exchange.Run("rebuild", "tracking", "--as", "operator")).ShouldContain(" 0 differed");
        (await moved.Exchange.Run("rebuild", "correlation", "--as", "operator")).ShouldContain(" 0 differed");
        moved.Exchange.Tracking.Output.ShouldContain("See who can write to the broker");
        (await moved.Exchange.Run("parked", "list", "--as", "operator")).ShouldContain("4 messages are parked.");
    }

    [Fact]
    public async Task Put_no_prosecutor_s_act_into_the_record_and_tell_no_partner()
    {
        var request = await moved.Send("PL");
        var rung = new RungConfirmed($"rungs/{Guid.CreateVersion7()}", Rung.Reminder, MovedExchange.Iso(moved.Today), [request.Name],
            new() { Identity = "exchange://BY/general-prosecutor/international/1001?role=prosecutor" }, new());
        var question = Officer.SignRung(new()
        {
            Partner = "PL", Rung = Rung.Reminder, Requests = { request.Name }, Letter = "We remind you.", CommandId = Officer.NewId(),
        }, Certificate("liaison-pl"));
        var posing = rung with { Name = $"rungs/{IdOf(question.Signature)}", Signature = question.Signature };

        // By nobody; and by Tracking itself, as it would be if somebody had got into it: without an officer, and with another one's hand.
        await Publish(JsonSerializer.SerializeToUtf8Bytes(new
        {
            messageId = Guid.CreateVersion7(), messageType = (string[])["urn:message:Exchange.Contracts:RungConfirmed"], message = rung,
        }, ContractJson.Options), Taken);
        await Publish(ServiceIdentities.Envelope(moved.Exchange.Signer("tracking"), rung), Taken);
        await Publish(ServiceIdentities.Envelope(moved.Exchange.Signer("tracking"), posing), Taken);

        await Eventually.Holds(async () => (await Causes("requests")).ShouldBe(
        [
            "Refusal: The signature does not stand: it comes without a certificate",
            "Refusal: The signature does not stand: somebody else is said to have confirmed it",
            "UnverifiedMessageException: no_proof",
        ]));
        var seen = await moved.As("prosecutor").Requests.GetRequestAsync(new() { Name = request.Name });
        (seen.Facts.Version, seen.Facts.Reminders.Count).ShouldBe((request.Facts.Version, 0));
        (await moved.Exchange.Run("--as", "liaison-pl", "inbox", "--no-mark")).ShouldNotContain("remind");
    }

    [Fact]
    public async Task What_was_signed_with_a_revoked_certificate_changes_nothing_and_its_hole_is_read_from_the_journal()
    {
        // Requests goes on with its old key for a while, as a thief of it would.
        var service = moved.Exchange.PathIn("services", "requests.pem");
        await moved.Exchange.Run("pki", "revoke", moved.Exchange.PathIn(), service);
        var request = await moved.Send("PL");

        await Eventually.Holds(async () => (await Causes("tracking")).Distinct().ShouldBe(["UnverifiedMessageException: revoked"]));
        File.Delete(service);
        File.Delete(moved.Exchange.PathIn("services", "requests.key"));
        await moved.Exchange.Run("pki", "init", moved.Exchange.PathIn(), "--state", "BY");

        await Eventually.Holds(async () => (await Versions(request)).ShouldBe(request.Facts.Version));
        await moved.Exchange.Settled();
    }

    Task<long> Versions(MlaRequest request) => Rows.Count(moved.Exchange.Databases["tracking"],
        $"SELECT count(*) FROM facts_versions WHERE request_id = '{request.Name["requests/".Length..]}'");

    Task Publish(byte[] body, string exchange = Changed) => moved.Exchange.Broker.Publish(exchange, body);

    Task<string> Figures() => moved.Exchange.Run("turnaround", "--by", "partner", "--format", "csv");

    async Task<List<string>> Causes(string service) =>
        [.. (await Rows.Read(moved.Exchange.Databases[service], "SELECT cause FROM parked ORDER BY cause", row => row.GetString(0)))
            .Select(cause => cause.Split('.')[0])];

    static Guid IdOf(Signature signature) => CommandIdentity.UuidFrom(SHA256.HashData(signature.Content.Span), version: 8);

    X509Certificate2 Certificate(string persona) => X509Certificate2.CreateFromPemFile(
        moved.Exchange.PathIn("personas", persona + ".pem"), moved.Exchange.PathIn("personas", persona + ".key"));

    /// <summary>Keeps the bytes of every message, as somebody who listens at the broker can.</summary>
    sealed class RawListener(IConnection connection) : IAsyncDisposable
    {
        readonly ConcurrentQueue<byte[]> bodies = new();

        public IReadOnlyCollection<byte[]> Bodies => bodies;

        public static async Task<RawListener> At(TestBroker broker, string exchange)
        {
            var listener = new RawListener(await new ConnectionFactory { Uri = broker.Uri }.CreateConnectionAsync());
            var channel = await listener.Connection.CreateChannelAsync();
            var queue = (await channel.QueueDeclareAsync()).QueueName;
            await channel.QueueBindAsync(queue, broker.Prefix + exchange, "");
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, delivery) =>
            {
                listener.bodies.Enqueue(delivery.Body.ToArray());
                return Task.CompletedTask;
            };
            await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
            return listener;
        }

        IConnection Connection => connection;

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
