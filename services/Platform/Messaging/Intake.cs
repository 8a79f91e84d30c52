using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exchange.Platform;

/// <summary>What a service does with messages of one type.</summary>
public interface ITake<in T>
    where T : class
{
    /// <summary>Takes the messages in, in one transaction. May be called again with the same ones, in any order.</summary>
    Task Take(IReadOnlyList<T> batch, CancellationToken ct);

    /// <summary>Says on its span which message it is: by opaque ids and codes only, for spans leave the house.</summary>
    void Describe(T message, Activity span)
    {
    }
}

/// <summary>One message of a batch: by broker, or read in the journal of its sender.</summary>
/// <param name="Message">The message.</param>
/// <param name="Id">The same whenever it is delivered again.</param>
/// <param name="Body">What an operator needs to replay it, should it be parked.</param>
/// <param name="Trace">The trace it belongs to.</param>
sealed record Delivery<T>(T Message, Guid Id, ReadOnlyMemory<byte> Body, ActivityContext Trace)
{
    /// <summary>
    /// Set where a process may have died of it: then it is tried with nothing beside it, and parked untried once so many
    /// processes did not live to say how it ended.
    /// </summary>
    public int? DeadlyAfter { get; init; }

    /// <summary>Completes when the message is durable, with null, or parked, with the cause.</summary>
    public TaskCompletionSource<Exception?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// Gathers the messages that are there into one transaction; it never waits for company. Each is acknowledged after the
/// commit. When a batch fails it is split, and the bad message alone is parked with its cause; while the database is away
/// nothing is parked and the broker keeps what is not acknowledged.
/// </summary>
public sealed partial class Intake<T>(
    ITake<T> taker, Parking parking, IOptions<BusOptions> options, Failpoints failpoints, TimeProvider time, ILogger<Intake<T>> log) : BackgroundService
    where T : class
{
    static readonly ActivitySource Source = Conventions.Source("Exchange.Intake");
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    readonly Channel<Delivery<T>> channel = Channel.CreateUnbounded<Delivery<T>>(new() { SingleReader = true });

    /// <summary>Returns when each is durable or parked.</summary>
    /// <returns>Null for each that is durable, the cause for each that was parked.</returns>
    internal Task<Exception?[]> TakeIn(IReadOnlyList<Delivery<T>> deliveries, CancellationToken ct)
    {
        foreach (var delivery in deliveries)
            channel.Writer.TryWrite(delivery);
        return Task.WhenAll(deliveries.Select(d => d.Done.Task)).WaitAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Delivery<T>> batch = [];
        while (await channel.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            Delivery<T>? doubtful = null;
            while (doubtful is null && batch.Count < options.Value.Prefetch && channel.Reader.TryRead(out var delivery))
            {
                if (delivery.DeadlyAfter is null)
                    batch.Add(delivery);
                else
                    doubtful = delivery;
            }
            if (batch.Count > 0)
                await Take(batch, stoppingToken);
            if (doubtful is not null)
                await Try(doubtful, stoppingToken);
        }
    }

    /// <summary>Alone, with a mark that outlives the process: who finds it knows of what the last one died.</summary>
    async Task Try(Delivery<T> doubtful, CancellationToken stop)
    {
        var alone = new Delivery<T>(doubtful.Message, doubtful.Id, doubtful.Body, doubtful.Trace);
        var deaths = await UntilThere(() => parking.BeginTrial(doubtful.Id, stop), stop);
        try
        {
            if (deaths >= doubtful.DeadlyAfter)
                await Park(alone, new KilledTheProcessException(deaths), stop);
            else
                await Take([alone], stop);
        }
        finally
        {
            // Also when told to stop, or an orderly end would count as a death.
            using var patience = new CancellationTokenSource(Patience, time);
            await UntilThere(async () =>
            {
                await parking.EndTrial(doubtful.Id, patience.Token);
                return true;
            }, stop.IsCancellationRequested ? patience.Token : stop);
        }

        // Told only now: a mark that is still there when the message comes again would accuse it of a death.
        try
        {
            doubtful.Done.TrySetResult(await alone.Done.Task);
        }
        catch (Exception e)
        {
            doubtful.Done.TrySetException(e);
        }
    }

    async Task<TResult> UntilThere<TResult>(Func<Task<TResult>> work, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception e) when (!stop.IsCancellationRequested && Passing(e))
            {
                Away(e);
                await Task.Delay(Pause, time, stop);
            }
        }
    }

    async Task Take(IReadOnlyList<Delivery<T>> batch, CancellationToken stop)
    {
        while (true)
        {
            var spans = SpansOf(batch);
            Activity.Current = spans[0];
            try
            {
                failpoints.Meet(batch);
                await taker.Take([.. batch.Select(d => d.Message)], stop);
                failpoints.Reach(Failpoints.IntakeTaken);
                foreach (var delivery in batch)
                    delivery.Done.TrySetResult(null);
                return;
            }
            catch (Exception e) when (!stop.IsCancellationRequested && Passing(e))
            {
                Away(e);
                await Task.Delay(Pause, time, stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested && batch.Count == 1)
            {
                await Park(batch[0], e, stop);
                return;
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                await Take([.. batch.Take(batch.Count / 2)], stop);
                await Take([.. batch.Skip(batch.Count / 2)], stop);
                return;
            }
            finally
            {
                foreach (var span in spans)
                    span?.Dispose();
                Activity.Current = null;
            }
        }
    }

    /// <summary>One in each message's trace. The shared transaction runs under the first, which the others link to.</summary>
    Activity?[] SpansOf(IReadOnlyList<Delivery<T>> batch)
    {
        var spans = new Activity?[batch.Count];
        for (var i = 0; i < spans.Length; i++)
        {
            // Or a message without a trace would fall into its neighbour's.
            Activity.Current = null;
            spans[i] = Source.StartActivity(
                $"take {typeof(T).Name}", ActivityKind.Internal, batch[i].Trace, links: spans[0] is { } first ? [new(first.Context)] : null);
            if (spans[i] is { } span)
                taker.Describe(batch[i].Message, span);
        }

        return spans;
    }

    /// <summary>The fault is not the message's: a database or another service is away.</summary>
    static bool Passing(Exception e) => e switch
    {
        PostgresException postgres => postgres.IsTransient,
        NpgsqlException or TimeoutException or OperationCanceledException => true,
        IOException or SocketException or HttpRequestException => true,
        Refusal refusal => refusal.Kind is RefusalKind.Unavailable,
        Grpc.Core.RpcException rpc => rpc.StatusCode is Grpc.Core.StatusCode.Unavailable or Grpc.Core.StatusCode.DeadlineExceeded
            or Grpc.Core.StatusCode.ResourceExhausted or Grpc.Core.StatusCode.Cancelled,
        _ => false,
    };

    async Task Park(Delivery<T> delivery, Exception cause, CancellationToken stop)
    {
        try
        {
            await UntilThere(async () =>
            {
                await parking.Park(delivery.Id, typeof(T).Name, delivery.Body, cause, stop);
                return true;
            }, stop);
            Parked(cause, delivery.Id, typeof(T).Name);
            delivery.Done.TrySetResult(cause);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            delivery.Done.TrySetException(e);
        }
    }

    [LoggerMessage(1050, LogLevel.Warning, "Something a message needs is away; trying again")]
    partial void Away(Exception e);

    [LoggerMessage(1051, LogLevel.Error, "Message {Id} of type {Type} could not be taken in and was parked")]
    partial void Parked(Exception e, Guid id, string type);
}

/// <summary>Brings deliveries to the <see cref="Intake{T}"/>.</summary>
public sealed class IntakeConsumer<T>(Intake<T> intake) : IConsumer<T>
    where T : class
{
    /// <summary>Returns, and so acknowledges, when the message is durable or parked.</summary>
    public Task Consume(ConsumeContext<T> context) => intake.TakeIn(
        [new(context.Message, context.MessageId ?? Guid.CreateVersion7(), context.ReceiveContext.GetBody(), Activity.Current?.Context ?? default)],
        context.CancellationToken);
}
