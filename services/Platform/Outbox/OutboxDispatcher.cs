using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>
/// Publishes committed messages: first what was handed over in memory, then rows whose lease has run out. There is no
/// cursor, which would skip late commits. Only what the broker confirmed is deleted, and no transaction is open while the
/// broker is spoken to; a crash in between publishes twice, which consumers absorb.
/// </summary>
sealed partial class OutboxDispatcher(
    Database database, OutboxQueue queue, OutboxMessages messages, IBusControl bus,
    IOptions<OutboxOptions> options, Failpoints failpoints, TimeProvider time, ILogger<OutboxDispatcher> log) : BackgroundService
{
    static readonly ActivitySource Source = new("Exchange.Outbox");

    DateTimeOffset nextSweep = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Before the bus is up the first messages would vanish; while it is down rows simply wait.
                await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
                var batch = time.GetUtcNow() >= nextSweep ? await Sweep(stoppingToken) : [];
                AddHanded(batch);
                if (batch.Count > 0)
                    await Publish(batch, stoppingToken);
                else
                    await WaitForMore(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Stalled(e);
                await Task.Delay(options.Value.PauseAfterFailure, time, stoppingToken);
            }
        }
    }

    void AddHanded(List<OutboxMessage> batch)
    {
        while (batch.Count < options.Value.Outstanding && queue.Reader.TryRead(out var handed))
        {
            // What waited too long, as while the broker was away, may be another's by now: the sweep decides whose.
            if (handed.LeasedUntil > time.GetUtcNow())
                batch.Add(handed.Message);
        }
    }

    /// <summary>Takes at most half of what may be outstanding: neither orphans nor new messages shall wait for the end of the others.</summary>
    async Task<List<OutboxMessage>> Sweep(CancellationToken stop)
    {
        var (now, most) = (time.GetUtcNow(), (options.Value.Outstanding + 1) / 2);
        var batch = await database.Query(
            """
            UPDATE outbox SET leased_until = $1
            WHERE id IN (SELECT id FROM outbox WHERE leased_until < $2 ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
            RETURNING id, type, body, trace_parent
            """,
            [now + options.Value.Lease, now, most],
            row => new OutboxMessage(row.GetGuid(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.IsDBNull(3) ? null : row.GetString(3), null),
            stop);
        if (batch.Count < most)
            nextSweep = now + options.Value.SweepInterval;
        return batch;
    }

    async Task WaitForMore(CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(options.Value.SweepInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            await queue.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
        }
    }

    async Task Publish(List<OutboxMessage> batch, CancellationToken stop)
    {
        var results = await Task.WhenAll(batch.Select(message => PublishOne(message, stop)));
        var confirmed = batch.Where((_, i) => results[i] is null).Select(message => message.Id).ToArray();
        if (confirmed.Length > 0)
        {
            failpoints.Reach(Failpoints.OutboxConfirmed);
            await database.Execute("DELETE FROM outbox WHERE id = ANY($1)", [confirmed], CancellationToken.None);
        }
        stop.ThrowIfCancellationRequested();
        if (results.FirstOrDefault(failure => failure is not null) is { } failure)
            throw failure;
    }

    async Task<Exception?> PublishOne(OutboxMessage message, CancellationToken stop)
    {
        using var activity = Source.StartActivity("outbox publish", ActivityKind.Internal, message.TraceParent);
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            // Only here: a row that cannot be read shall hold up no other.
            var content = message.Content ?? messages.Restore(message.Type, message.Body);
            await bus.Publish(content, content.GetType(), context =>
            {
                context.MessageId = message.Id;
                if (context.TryGetPayload(out RabbitMqSendContext? rabbit))
                    rabbit.Mandatory = true; // Without a queue behind the exchange the row stays and says so.
            }, givenUp.Token).WaitAsync(options.Value.PublishTimeout, time, stop);
            return null;
        }
        catch (Exception e)
        {
            // Or it would stay outstanding, uncounted, for as long as the broker keeps silent.
            await givenUp.CancelAsync();
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            return e;
        }
    }

    [LoggerMessage(1040, LogLevel.Error, "Dispatch stalled; messages wait in the outbox")]
    partial void Stalled(Exception e);
}
