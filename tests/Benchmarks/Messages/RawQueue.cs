using System.Threading.Channels;
using Exchange.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Exchange.Benchmarks;

/// <summary>A quorum queue behind an exchange, by RabbitMQ.Client alone: confirmed, mandatory and persistent, as ours.</summary>
sealed class RawQueue : IAsyncDisposable
{
    public const int Outstanding = 256;

    readonly string name;
    readonly IConnection connection;
    readonly IChannel publishing;
    readonly IChannel consuming;

    RawQueue(string name, IConnection connection, IChannel publishing, IChannel consuming) =>
        (this.name, this.connection, this.publishing, this.consuming) = (name, connection, publishing, consuming);

    /// <param name="exchange">A fanout to hang the queue behind; one of its own unless it is named.</param>
    public static async Task<RawQueue> Open(TestBroker broker, string queue, string? exchange = null)
    {
        var connection = await new ConnectionFactory { Uri = broker.Uri }.CreateConnectionAsync();
        var publishing =
            await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await publishing.ExchangeDeclareAsync(exchange ?? queue, ExchangeType.Fanout, durable: true);
        await publishing.QueueDeclareAsync(queue, true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await publishing.QueueBindAsync(queue, exchange ?? queue, "");
        return new(queue, connection, publishing, await connection.CreateChannelAsync());
    }

    /// <summary>Returns once the broker has confirmed it.</summary>
    public async Task Publish(ReadOnlyMemory<byte> body) =>
        await publishing.BasicPublishAsync(name, "", mandatory: true, new BasicProperties { Persistent = true }, body);

    /// <summary>Publishes many, at most so many unconfirmed; returns how many a second were confirmed.</summary>
    public async Task<double> PublishMany(int count, ReadOnlyMemory<byte> body)
    {
        using var slots = new SemaphoreSlim(Outstanding);
        var began = TimeProvider.System.GetTimestamp();
        var all = new List<Task>(count);
        for (var i = 0; i < count; i++)
        {
            await slots.WaitAsync();
            all.Add(One());
        }
        await Task.WhenAll(all);
        return count / TimeProvider.System.GetElapsedTime(began).TotalSeconds;

        async Task One()
        {
            await Publish(body);
            slots.Release();
        }
    }

    /// <summary>Takes so many and acknowledges each; returns how many a second, the first not counted.</summary>
    public async Task<double> ConsumeMany(int count)
    {
        var arrivals = await Consume(count);
        long first = 0, last = 0;
        for (var i = 0; i < count; i++)
        {
            last = await arrivals.ReadAsync();
            first = i == 0 ? last : first;
        }
        return (count - 1) / TimeProvider.System.GetElapsedTime(first, last).TotalSeconds;
    }

    /// <summary>Begins to consume, 256 at a time; the instants at which messages arrived.</summary>
    /// <param name="count">After so many it ends; 0 for never.</param>
    public async Task<ChannelReader<long>> Consume(int count = 0)
    {
        var arrivals = Channel.CreateUnbounded<long>();
        var consumer = new AsyncEventingBasicConsumer(consuming);
        var seen = 0;
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            arrivals.Writer.TryWrite(TimeProvider.System.GetTimestamp());
            await consuming.BasicAckAsync(delivery.DeliveryTag, multiple: false);
            if (++seen == count)
                await consuming.BasicCancelAsync(delivery.ConsumerTag);
        };
        await consuming.BasicQosAsync(0, Outstanding, global: false);
        await consuming.BasicConsumeAsync(name, autoAck: false, consumer);
        return arrivals.Reader;
    }

    public Task<uint> Purge() => publishing.QueuePurgeAsync(name);

    public async ValueTask DisposeAsync() => await connection.DisposeAsync();
}
