using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>
/// Brings the messages of one type to the service's consumer, those that are there in one transaction; it never waits for company.
/// A message is acknowledged after the commit. When a batch fails it is split, and the bad message alone is parked with its cause;
/// while the database is away nothing is parked, and the broker keeps what is not acknowledged.
/// </summary>
public sealed class MessageBatcher<T>(
    IBatchConsumer<T> consumer, ParkedMessageStore parked, IOptions<BusOptions> options, Failpoints failpoints, TimeProvider time,
    ILogger<MessageBatcher<T>> log) : BackgroundService
    where T : class
{
    readonly ConsumingWriter<T> writer = new(consumer, parked, options.Value.Prefetch, failpoints, time, log);

    /// <summary>Returns when each message is durable or parked.</summary>
    /// <returns>Null for each that is durable, the cause for each that was parked.</returns>
    internal Task<Exception?[]> Deliver(IReadOnlyList<Delivery<T>> deliveries, CancellationToken ct) =>
        Task.WhenAll(deliveries.Select(delivery => writer.TryWrite(delivery) ?? throw TooMany())).WaitAsync(ct);

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => writer.Run(stoppingToken);

    static Refusal TooMany() => new(RefusalKind.Exhausted, "CONSUMER_FULL", "Too many messages wait; try again in a moment.");
}

/// <summary>
/// Brings what comes from the bus to the <see cref="MessageIntake{T}"/>, as bytes: what the bus has read out of them was not verified.
/// </summary>
public sealed class BusConsumer<T>(MessageIntake<T> intake) : IConsumer<T>
    where T : class
{
    /// <summary>Returns, and so acknowledges, when the message is durable or set aside.</summary>
    public Task Consume(ConsumeContext<T> context) =>
        intake.Take(context.ReceiveContext.GetBody(), deadlyAfter: null, context.CancellationToken);
}
