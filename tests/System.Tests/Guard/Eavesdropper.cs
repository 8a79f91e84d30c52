using System.Collections.Concurrent;
using System.Text;
using Exchange.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Exchange.System.Tests;

/// <summary>Hears every event beside the services: a queue of its own on their exchange.</summary>
sealed class Eavesdropper : IAsyncDisposable
{
    readonly ConcurrentQueue<string> heard = new();
    readonly IConnection connection;

    Eavesdropper(IConnection connection) => this.connection = connection;

    /// <summary>Each message with its routing and headers, as text.</summary>
    public IReadOnlyCollection<string> Heard => heard;

    public static async Task<Eavesdropper> At(TestBroker broker)
    {
        var eavesdropper = new Eavesdropper(await new ConnectionFactory { Uri = broker.Uri }.CreateConnectionAsync());
        var channel = await eavesdropper.connection.CreateChannelAsync();
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(queue, $"{broker.Prefix}Exchange.Contracts:RequestChanged", "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            eavesdropper.heard.Enqueue(AsText(delivery));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return eavesdropper;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    static string AsText(BasicDeliverEventArgs delivery)
    {
        var properties = delivery.BasicProperties;
        var headers = (properties.Headers ?? new Dictionary<string, object?>()).Select(header =>
            $"{header.Key}={(header.Value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : header.Value)}");
        return string.Join('\n',
        [
            delivery.Exchange, delivery.RoutingKey, properties.MessageId, properties.CorrelationId, properties.Type, properties.UserId,
            .. headers, Encoding.UTF8.GetString(delivery.Body.Span),
        ]);
    }
}
