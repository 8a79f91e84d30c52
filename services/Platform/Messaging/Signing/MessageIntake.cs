using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Exchange.Platform;

/// <summary>
/// Takes in messages of one type from wherever a body of bytes comes: the bus, the dead letters, the table <c>parked</c>. What its owner
/// signed goes on to the <see cref="MessageBatcher{T}"/>, read from the very bytes that were verified; all else is set aside unread. The
/// hole that leaves is filled from the owner's journal.
/// </summary>
/// <param name="owner">The service whose messages these are, such as <c>requests</c>.</param>
public sealed partial class MessageIntake<T>(
    string owner, MessageVerifier verifier, MessageBatcher<T> batcher, ParkedMessageStore parked, RefusedMessages refused,
    JsonSerializerOptions json, TimeProvider time, ILogger<MessageIntake<T>> log)
    where T : class
{
    // While it is not known whether a certificate was revoked, or the database is away, the broker keeps the message.
    static readonly RetryLimit Patient = new(TimeSpan.FromMilliseconds(500), GiveUpAfter: null);

    /// <summary>Returns when the message is durable or set aside.</summary>
    /// <param name="deadlyAfter">As <see cref="Delivery{T}.DeadlyAfter"/>.</param>
    /// <returns>Null when it is durable, the cause when it was set aside.</returns>
    /// <exception cref="JsonException">It is no message at all.</exception>
    internal async Task<Exception?> Take(ReadOnlyMemory<byte> body, int? deadlyAfter, CancellationToken ct)
    {
        var envelope = SignedEnvelope.Read(body);
        try
        {
            await Transient.Retry(_ =>
            {
                verifier.Verify(envelope, owner, typeof(T).Name);
                return Task.FromResult(true);
            }, Patient, Waiting, time, ct);
        }
        catch (UnverifiedMessageException cause)
        {
            await SetAside(body, cause, ct);
            return cause;
        }
        var message = JsonSerializer.Deserialize<T>(envelope.Message.Span, json) ?? throw new JsonException("The message is empty.");
        return (await batcher.Deliver(
            [new(message, envelope.Id, body, Activity.Current?.Context ?? default) { DeadlyAfter = deadlyAfter }], ct))[0];
    }

    async Task SetAside(ReadOnlyMemory<byte> body, UnverifiedMessageException cause, CancellationToken ct)
    {
        if (refused.Count(typeof(T).Name, cause.Reason))
            Refused(typeof(T).Name, cause.Reason, owner);
        await Transient.Retry(async _ =>
        {
            await parked.Park(ParkedMessageStore.IdOf(body.Span), typeof(T).Name, body, cause, ct);
            return true;
        }, Patient, Waiting, time, ct);
    }

    [LoggerMessage(1052, LogLevel.Error,
        "A message of type {Type} was set aside unread: {Reason}. Nothing shows that {Owner} said it, so it changed nothing; what {Owner} "
        + "did say is read from its journal. See who can write to the broker, and whether the certificate of {Owner} has expired or was "
        + "revoked. More of the kind are only counted (exchange.messages.refused); exchange parked list shows them")]
    partial void Refused(string type, string reason, string owner);

    [LoggerMessage(1053, LogLevel.Warning, "Messages wait: they cannot be verified or set aside now; trying again")]
    partial void Waiting(Exception e);
}
