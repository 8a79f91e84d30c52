using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.System.Tests.Faults;
using Exchange.Testing;
using Exchange.Tracking.V1;
using RabbitMQ.Client;

namespace Exchange.System.Tests;

/// <summary>The process that tries dead letters knows as well as the service that its database was restored.</summary>
public sealed class DeadLettersOfACopy : IAsyncLifetime
{
    const string Queue = "requests-rung-confirmed-dead";

    RunningExchange exchange = null!;

    public async ValueTask InitializeAsync() => exchange = await RunningExchange.Start();

    public async ValueTask DisposeAsync() => await exchange.DisposeAsync();

    [Fact]
    public async Task Wait_until_it_was_compared_and_are_taken_in_then()
    {
        using var officer = exchange.Officer("investigator");
        var request = await officer.Draft(Letters.Complete("UNTOC-2000"));
        await exchange.Requests.Stop();
        await Rows.Run(exchange.Databases["requests"], "UPDATE provenance SET identity = 'cluster/another'");
        await using var broker = await BrokerAccess.Open(exchange.Broker);
        var quarantine = await exchange.StartQuarantine("requests");

        await broker.Channel.BasicPublishAsync("", broker.Prefix + Queue, true,
            new BasicProperties { Persistent = true, MessageId = Officer.NewId() }, RungOn(request));

        await Eventually.Holds(async () => (quarantine.Output.Contains("Dead letters wait") || await Waiting(broker) == 0).ShouldBeTrue());
        (await Rows.Count(exchange.Databases["requests"], "SELECT count(*) FROM journal")).ShouldBe(1);
        (await Waiting(broker)).ShouldBe(1u);

        await exchange.Requests.Restart();
        await exchange.Run("restore", "accept", "--yes", "--as", "operator");
        await Eventually.Holds(async () => (await Rows.Count(exchange.Databases["requests"], "SELECT count(*) FROM journal")).ShouldBe(2));
        await Eventually.Holds(async () => (await Waiting(broker)).ShouldBe(0u));
        (await Rows.Count(exchange.Databases["requests"], "SELECT count(*) FROM parked")).ShouldBe(0);
    }

    static async Task<uint> Waiting(BrokerAccess broker) => await broker.Channel.MessageCountAsync(broker.Prefix + Queue);

    /// <summary>As a prosecutor takes it and Tracking tells of it.</summary>
    byte[] RungOn(MlaRequest request)
    {
        using var prosecutor = X509Certificate2.CreateFromPemFile(
            exchange.PathIn("personas", "prosecutor.pem"), exchange.PathIn("personas", "prosecutor.key"));
        var signature = Officer.SignRung(new TakeRungRequest
        {
            Partner = "PL", Rung = Rung.Reminder, Requests = { request.Name }, Letter = "We remind you.", CommandId = Officer.NewId(),
        }, prosecutor).Signature;
        var id = CommandIdentity.UuidFrom(SHA256.HashData(signature.Content.Span), version: 8);
        var rung = new RungConfirmed($"rungs/{id}", Rung.Reminder, "2026-03-02", [request.Name], new()
        {
            Identity = TrustAnchors.IdentityOf(prosecutor, CallerRole.OfOfficers)!.ToString(),
            Certificate = Convert.ToHexStringLower(SHA256.HashData(prosecutor.RawData)),
        }, signature);
        return ServiceIdentities.Envelope(exchange.Signer("tracking"), rung);
    }
}
