using System.Diagnostics;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Platform;

/// <summary>
/// Publishes committed messages: first what was handed over in memory, then rows whose lease has run out. There is no
/// cursor, which would skip late commits. Messages flow: each is begun as soon as fewer than <see cref="OutboxOptions.Outstanding"/>
/// await the broker's confirmation, and rows are deleted beside that, as many at a time as were confirmed meanwhile. Only
/// what the broker confirmed is deleted, and no transaction is open while the broker is spoken to; a crash in between
/// publishes twice, which consumers absorb. Not a <see cref="PeriodicWorker"/>: it ends only when what it began is confirmed.
/// </summary>
sealed partial class OutboxDispatcher(
    Database database, OutboxQueue queue, OutboxMessages messages, IBusControl bus,
    IOptions<OutboxOptions> options, Failpoints failpoints, TimeProvider time, ILogger<OutboxDispatcher> log) : BackgroundService
{
    const int MostDeleted = 1_000;

    static readonly ActivitySource Source = SemanticConventions.Source("Exchange.Outbox");

    readonly SemaphoreSlim slots = new(options.Value.Outstanding);
    readonly Channel<Guid> confirmed = Channel.CreateUnbounded<Guid>(new() { SingleReader = true });
    readonly CancellationTokenSource abandoned = new();
    DateTimeOffset nextSweep = DateTimeOffset.MinValue;
    Exception? failure;

    /// <inheritdoc />
    public override void Dispose()
    {
        abandoned.Dispose();
        slots.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var deleting = DeleteConfirmed(stoppingToken);
        try
        {
            while (true)
                await Dispatch(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        // What is under way was most likely published: to wait for its confirmation saves publishing it twice.
        abandoned.CancelAfter(options.Value.DrainLimit);
        for (var i = 0; i < options.Value.Outstanding; i++)
            await slots.WaitAsync(CancellationToken.None);
        confirmed.Writer.Complete();
        await deleting;
    }

    async Task Dispatch(CancellationToken stop)
    {
        try
        {
            // Before the bus is up the first messages would vanish; while it is down rows simply wait.
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stop);
            var filled = queue.Filled.Next;
            if (time.GetUtcNow() >= nextSweep)
            {
                foreach (var message in await Sweep(stop))
                {
                    await slots.WaitAsync(stop);
                    _ = PublishOne(message);
                }
            }
            await PublishEnqueued(stop);
            if (Interlocked.Exchange(ref failure, null) is { } cause)
                throw cause;
            // Not while more is handed over than was begun in this round: its signal is gone.
            if (nextSweep > time.GetUtcNow() && !queue.Reader.TryPeek(out _))
                await queue.Filled.Wait(filled, options.Value.SweepInterval, stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            Stalled(e);
            await Task.Delay(options.Value.PauseAfterFailure, time, stop);
        }
    }

    /// <summary>
    /// Begins to publish what was enqueued: no more than may be outstanding before a sweep has its turn, and nothing after a
    /// failure.
    /// </summary>
    async Task PublishEnqueued(CancellationToken stop)
    {
        for (var taken = 0; taken < options.Value.Outstanding && Volatile.Read(ref failure) is null
            && queue.Reader.TryRead(out var handed); taken++)
        {
            await slots.WaitAsync(stop);
            // What waited too long, as while the broker was away, may be another's by now: the sweep decides whose.
            if (handed.LeasedUntil > time.GetUtcNow())
                _ = PublishOne(handed.Message);
            else
                slots.Release();
        }
    }

    /// <summary>
    /// Takes at most half of what may be outstanding: neither orphans nor new messages shall wait for the end of the others.
    /// </summary>
    async Task<List<OutboxMessage>> Sweep(CancellationToken stop)
    {
        var (now, most) = (time.GetUtcNow(), (options.Value.Outstanding + 1) / 2);
        var batch = await database.Query(
            """
            UPDATE outbox SET leased_until = $1
            WHERE id IN (SELECT id FROM outbox WHERE leased_until < $2 ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
            RETURNING id, type, body, trace_parent, proof, certificate_id,
              (SELECT certificate FROM message_certificates c WHERE c.id = outbox.certificate_id)
            """,
            [now + options.Value.Lease, now, most],
            row => new OutboxMessage(
                row.GetGuid(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.IsDBNull(3) ? null : row.GetString(3), null)
            {
                Proof = row.IsDBNull(6) ? null
                    : new(row.GetFieldValue<byte[]>(4), row.GetFieldValue<byte[]>(5), row.GetFieldValue<byte[]>(6)),
            },
            stop);
        if (batch.Count < most)
            nextSweep = now + options.Value.SweepInterval;
        return batch;
    }

    /// <summary>Publishes a message and waits for its confirmation. Never throws, and gives back the slot that was taken for it.</summary>
    async Task PublishOne(OutboxMessage message)
    {
        using var activity = Source.StartActivity("outbox publish", ActivityKind.Internal, message.TraceParent);
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(abandoned.Token);
        try
        {
            // Only here: a row that cannot be read shall hold up no other.
            var content = message.Content ?? messages.Restore(message.Type, message.Body);
            await bus.Publish(content, content.GetType(), context =>
            {
                context.MessageId = message.Id;
                context.Serializer = new SignedEnvelopeSerializer(message);
                if (context.TryGetPayload(out RabbitMqSendContext? rabbit))
                    rabbit.Mandatory = true; // Without a queue behind the exchange the row stays and says so.
            }, givenUp.Token).WaitAsync(options.Value.PublishTimeout, time, abandoned.Token);
            confirmed.Writer.TryWrite(message.Id);
        }
        catch (Exception e)
        {
            // Or it would stay outstanding, uncounted, for as long as the broker keeps silent.
            await givenUp.CancelAsync();
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            Volatile.Write(ref failure, e);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>Runs until all that was confirmed is deleted; what cannot be deleted at the end is published again.</summary>
    async Task DeleteConfirmed(CancellationToken stop)
    {
        List<Guid> ids = [];
        while (ids.Count > 0 || await confirmed.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (ids.Count < MostDeleted && confirmed.Reader.TryRead(out var id))
                ids.Add(id);
            try
            {
                failpoints.Reach(Failpoints.OutboxConfirmed);
                // Does not wait for the disk: should the database lose the deletion, the message is published again.
                await database.Execute(
                    """
                    WITH fast AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
                    DELETE FROM outbox USING fast WHERE id = ANY($1)
                    """,
                    [ids.ToArray()], CancellationToken.None);
                ids.Clear();
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                Stalled(e);
                await Task.Delay(options.Value.PauseAfterFailure, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                Stalled(e);
                return;
            }
        }
    }

    [LoggerMessage(1040, LogLevel.Error,
        "Dispatch stalled; messages wait in the outbox")]
    partial void Stalled(Exception e);
}
